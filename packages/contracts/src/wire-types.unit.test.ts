/**
 * The TypeScript types are written by hand, once, in the domain. Here the compiler holds a
 * description of them to the types and the test holds the same description to the schema files:
 * fields, their order, kinds and symbols.
 */

import {
  type ArrDelta,
  type Cause,
  type CustomerClassified,
  DRIVERS,
  type Driver,
  MOVEMENTS,
} from '@holdfast/domain/delta.ts';
import {
  BILLINGS,
  type CustomerChanged,
  INTERVALS,
  type Item,
  SUBSCRIPTION_STATUSES,
  type SubscriptionChanged,
  type SubscriptionPhase,
} from '@holdfast/domain/records.ts';
import type { CustomerId, Instant, MinorUnits, Offset } from '@holdfast/domain/scalars.ts';
import { describe, expect, it } from 'vitest';
import { type AnySchema, schemaOf } from '../testing/vanilla.ts';
import { camelCase } from './avro-records.ts';
import type { PartitionProgress, RetentionMetric } from './metric.ts';
import type { RecordName } from './schemas.ts';

type Kind<T> = null extends T
  ? readonly ['null', Kind<Exclude<T, null>>]
  : [T] extends [Instant]
    ? 'instant'
    : [T] extends [MinorUnits | Offset]
      ? 'long'
      : [T] extends [number]
        ? 'int' | 'long' | 'double'
        : [T] extends [CustomerId]
          ? 'string'
          : [T] extends [string]
            ? string extends T
              ? 'string'
              : { readonly symbols: readonly T[] }
            : T extends readonly (infer U)[]
              ? readonly [Shape<U>]
              : string extends keyof T
                ? 'map of string'
                : Shape<T>;

type Shape<T> = { readonly [Field in Exclude<keyof T, 'type'>]: Kind<T[Field]> };

const OPS = ['assert', 'retract'] as const;

const item = {
  productId: 'string',
  quantity: 'long',
  amountMinor: 'long',
  currency: 'string',
  interval: { symbols: INTERVALS },
  intervalCount: 'int',
  billing: { symbols: BILLINGS },
} as const satisfies Shape<Item>;

const phase = {
  effectiveAt: 'instant',
  status: { symbols: SUBSCRIPTION_STATUSES },
  items: [item],
} as const satisfies Shape<SubscriptionPhase>;

const cause = {
  eventId: 'string',
  source: 'string',
  topic: 'string',
  partition: 'int',
  offset: 'long',
} as const satisfies Shape<Cause>;

const driver = {
  driver: { symbols: DRIVERS },
  productId: 'string',
  amountMinor: 'long',
} as const satisfies Shape<Driver>;

const described = {
  'subscription-changed': {
    eventId: 'string',
    source: 'string',
    customerId: 'string',
    subscriptionId: 'string',
    version: 'long',
    recordedAt: 'instant',
    ...phase,
    scheduled: [phase],
  } satisfies Shape<SubscriptionChanged>,
  'customer-changed': {
    eventId: 'string',
    source: 'string',
    customerId: 'string',
    version: 'long',
    recordedAt: 'instant',
    effectiveAt: 'instant',
    name: ['null', 'string'],
    attributes: 'map of string',
  } satisfies Shape<CustomerChanged>,
  'arr-delta': {
    deltaId: 'string',
    customerId: 'string',
    effectiveAt: 'instant',
    op: { symbols: OPS },
    movement: { symbols: MOVEMENTS },
    arrBeforeMinor: 'long',
    arrAfterMinor: 'long',
    amountMinor: 'long',
    drivers: [driver],
    currency: 'string',
    customerName: ['null', 'string'],
    attributes: 'map of string',
    knownAt: 'instant',
    cause,
    restatement: ['null', 'string'],
  } satisfies Shape<ArrDelta>,
  'customer-classified': {
    deltaId: 'string',
    customerId: 'string',
    effectiveAt: 'instant',
    op: { symbols: OPS },
    name: ['null', 'string'],
    attributes: 'map of string',
    knownAt: 'instant',
    cause,
    restatement: ['null', 'string'],
  } satisfies Shape<CustomerClassified>,
  'retention-metric': {
    asOf: 'instant',
    window: 'string',
    dimension: 'string',
    member: 'string',
    definition: 'string',
    currency: 'string',
    openingArrMinor: 'long',
    expansionArrMinor: 'long',
    contractionArrMinor: 'long',
    churnedArrMinor: 'long',
    closingArrMinor: 'long',
    openingCustomers: 'long',
    retainedCustomers: 'long',
    nrr: ['null', 'double'],
    grr: ['null', 'double'],
    logoRetention: ['null', 'double'],
  } satisfies Shape<RetentionMetric>,
  'partition-progress': {
    partition: 'int',
    nextOffset: 'long',
    asOf: 'instant',
    sequence: 'long',
  } satisfies Shape<PartitionProgress>,
} satisfies Record<RecordName, unknown>;

const shapeOf = (schema: unknown, named: Map<string, AnySchema>): unknown => {
  if (Array.isArray(schema)) return schema.map((branch) => shapeOf(branch, named));
  if (typeof schema === 'string') {
    const known = named.get(schema);
    return known === undefined ? schema : shapeOf(known, named);
  }
  const part = schema as AnySchema;
  if (part.name !== undefined) named.set(part.name, part);
  if (part.logicalType === 'timestamp-millis') return 'instant';
  if (part.symbols) return { symbols: part.symbols.filter((symbol) => symbol !== 'unknown') };
  if (part.items) return [shapeOf(part.items, named)];
  if (part.values) return `map of ${String(part.values)}`;
  const fields = part.fields ?? [];
  return Object.fromEntries(
    fields.map((field) => [camelCase(field.name), shapeOf(field.type, named)]),
  );
};

describe('the types of the domain', () => {
  it.each(Object.entries(described))(
    'are the schema of %s, field by field in order',
    (record, shape) => {
      const ofFile = shapeOf(schemaOf(record as RecordName), new Map());
      // As text, so that the order of fields counts, too.
      expect(JSON.stringify(ofFile, null, 1)).toBe(JSON.stringify(shape, null, 1));
    },
  );
});
