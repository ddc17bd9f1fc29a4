/** Random records, deltas and metrics: of the right shape, but not all of them good business. */

import {
  type ArrDelta,
  type Cause,
  type CustomerClassified,
  type Delta,
  DRIVERS,
  type Driver,
  MOVEMENTS,
} from '@holdfast/domain/delta.ts';
import {
  BILLINGS,
  type ChangeRecord,
  type CustomerChanged,
  INTERVALS,
  type Item,
  SUBSCRIPTION_STATUSES,
  type SubscriptionChanged,
  type SubscriptionPhase,
} from '@holdfast/domain/records.ts';
import { customerId, instant, minorUnits, offset } from '@holdfast/domain/scalars.ts';
import fc from 'fast-check';
import type { Metric, PartitionProgress, RetentionMetric } from '../src/metric.ts';

const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Any text that UTF-8 can hold, long and short, with what is awkward in JSON and in objects. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', '__proto__', '\uFFFD', '\u0000', '"\\\n\t', 'é'.repeat(22), '7'),
);

/** Longs that a number holds, the edges of every length of varint among them. */
export const anyLong = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -200, max: 200 }),
  fc
    .tuple(fc.integer({ min: 0, max: 53 }), fc.integer({ min: -2, max: 2 }), fc.constantFrom(1, -1))
    // Plus 0, for Avro has no negative zero.
    .map(([bits, by, sign]) => sign * (2 ** bits + by) + 0)
    .filter(Number.isSafeInteger),
);

const anyInt = fc.integer();
const anyInstant = fc.integer({ min: 0, max: LAST_INSTANT }).map(instant);
const anyMoney = anyLong.map(minorUnits);
const anyMap = fc.dictionary(anyText, anyText, { maxKeys: 6, noNullPrototype: true });
const textOrNull = fc.option(anyText, { nil: null });

const anyItem: fc.Arbitrary<Item> = fc.record({
  productId: anyText,
  quantity: anyLong,
  amountMinor: anyLong,
  currency: anyText,
  interval: fc.constantFrom(...INTERVALS),
  intervalCount: anyInt,
  billing: fc.constantFrom(...BILLINGS),
});

const phase = {
  effectiveAt: anyInstant,
  status: fc.constantFrom(...SUBSCRIPTION_STATUSES),
  items: fc.array(anyItem, { maxLength: 4 }),
};
const anyPhase: fc.Arbitrary<SubscriptionPhase> = fc.record(phase);

const head = {
  eventId: anyText,
  source: anyText,
  customerId: anyText.map(customerId),
  version: anyLong,
  recordedAt: anyInstant,
};

export const anySubscriptionChanged: fc.Arbitrary<SubscriptionChanged> = fc.record({
  type: fc.constant('subscription_changed' as const),
  ...head,
  ...phase,
  subscriptionId: anyText,
  scheduled: fc.array(anyPhase, { maxLength: 3 }),
});

export const anyCustomerChanged: fc.Arbitrary<CustomerChanged> = fc.record({
  type: fc.constant('customer_changed' as const),
  ...head,
  effectiveAt: anyInstant,
  name: textOrNull,
  attributes: anyMap,
});

export const anyChange: fc.Arbitrary<ChangeRecord> = fc.oneof(
  anySubscriptionChanged,
  anyCustomerChanged,
);

const anyCause: fc.Arbitrary<Cause> = fc.record({
  eventId: anyText,
  source: anyText,
  topic: anyText,
  partition: anyInt,
  offset: anyLong.map(offset),
});

const anyDriver: fc.Arbitrary<Driver> = fc.record({
  driver: fc.constantFrom(...DRIVERS),
  productId: anyText,
  amountMinor: anyMoney,
});

const published = {
  deltaId: anyText,
  customerId: anyText.map(customerId),
  op: fc.constantFrom('assert' as const, 'retract' as const),
  knownAt: anyInstant,
  cause: anyCause,
  restatement: textOrNull,
  effectiveAt: anyInstant,
  attributes: anyMap,
};

const anyArrDelta: fc.Arbitrary<ArrDelta> = fc.record({
  type: fc.constant('arr_delta' as const),
  ...published,
  movement: fc.constantFrom(...MOVEMENTS),
  arrBeforeMinor: anyMoney,
  arrAfterMinor: anyMoney,
  amountMinor: anyMoney,
  drivers: fc.array(anyDriver, { maxLength: 4 }),
  currency: anyText,
  customerName: textOrNull,
});

const anyClassified: fc.Arbitrary<CustomerClassified> = fc.record({
  type: fc.constant('customer_classified' as const),
  ...published,
  name: textOrNull,
});

export const anyDelta: fc.Arbitrary<Delta> = fc.oneof(anyArrDelta, anyClassified);

const anyRatio = fc.option(fc.double({ noNaN: true, min: 0, max: 1e6 }), { nil: null });

const anyRetention: fc.Arbitrary<RetentionMetric> = fc.record({
  type: fc.constant('retention_metric' as const),
  asOf: anyInstant,
  window: anyText,
  dimension: anyText,
  member: anyText,
  definition: anyText,
  currency: anyText,
  openingArrMinor: anyMoney,
  expansionArrMinor: anyMoney,
  contractionArrMinor: anyMoney,
  churnedArrMinor: anyMoney,
  closingArrMinor: anyMoney,
  openingCustomers: anyLong,
  retainedCustomers: anyLong,
  nrr: anyRatio,
  grr: anyRatio,
  logoRetention: anyRatio,
});

const anyProgress: fc.Arbitrary<PartitionProgress> = fc.record({
  type: fc.constant('partition_progress' as const),
  partition: anyInt,
  nextOffset: anyLong.map(offset),
  asOf: anyInstant,
  sequence: anyLong,
});

export const anyMetric: fc.Arbitrary<Metric> = fc.oneof(anyRetention, anyProgress);
