/** Every kind of trouble that the streams promise really occurs in them, and never a bad record. */

import type { SubscriptionChanged } from '@holdfast/domain/records.ts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemArr } from '../reference/annualise.ts';
import { windowStart } from '../reference/calendar.ts';
import { orderMatters } from '../reference/customer.ts';
import { reference } from '../reference/reference.ts';
import { deliver, deliveryArbitrary, edgeInstants } from './deliveries.ts';
import { DAY } from './moments.ts';
import { type Stream, streamArbitrary } from './streams.ts';

const SEED = 20_261_122;
const streams = fc.sample(streamArbitrary, { seed: SEED, numRuns: 600 });

const changesOf = (stream: Stream): SubscriptionChanged[] =>
  stream.arrived.map(({ record }) => record).filter((r) => r.type === 'subscription_changed');

const pairs = <T>(values: readonly T[]): (readonly [T, T])[] =>
  values.flatMap((second, index) =>
    values.slice(0, index).map((first) => [first, second] as const),
  );

const sameSubscription = (a: SubscriptionChanged, b: SubscriptionChanged): boolean =>
  a.customerId === b.customerId && a.source === b.source && a.subscriptionId === b.subscriptionId;

/** Whether some two events of one subscription, in the order of arrival, stand like this. */
const twoEvents =
  (like: (first: SubscriptionChanged, second: SubscriptionChanged) => boolean) =>
  (stream: Stream): boolean =>
    pairs(changesOf(stream)).some(([a, b]) => sameSubscription(a, b) && like(a, b));

const hasStatus = (status: string) => (stream: Stream) =>
  changesOf(stream).some((event) => event.status === status && event.items.length > 0);

const hasItem =
  (like: (item: SubscriptionChanged['items'][number]) => boolean) => (stream: Stream) =>
    changesOf(stream).some(({ items }) => items.some(like));

const hasMovement = (kind: string) => (stream: Stream) => {
  const whole = reference(stream.arrived, stream.policy);
  return whole.customerIds.some((id) => whole.movements(id).some((m) => m.movement === kind));
};

const hasDriver = (kind: string) => (stream: Stream) => {
  const whole = reference(stream.arrived, stream.policy);
  return whole.customerIds.some((id) =>
    whole.movements(id).some(({ drivers }) => drivers.some((d) => d.driver === kind)),
  );
};

const counted = (name: 'tooLate' | 'duplicates' | 'versionTies') => (stream: Stream) =>
  reference(stream.arrived, stream.policy).counts[name] > 0;

const TROUBLES: Readonly<Record<string, (stream: Stream) => boolean>> = {
  'one event only': ({ arrived }) => arrived.length === 1,
  'fifteen events': ({ arrived }) => arrived.length >= 15,
  'several customers': ({ arrived }) =>
    new Set(arrived.map(({ record }) => record.customerId)).size >= 3,
  duplicates: counted('duplicates'),
  'version ties': counted('versionTies'),
  'version ties at other instants': twoEvents(
    (a, b) =>
      a.version === b.version && a.recordedAt === b.recordedAt && a.effectiveAt !== b.effectiveAt,
  ),
  'too late events': counted('tooLate'),
  'order that makes no difference': ({ arrived, policy }) =>
    arrived.length > 5 && !orderMatters(arrived, policy),
  disorder: twoEvents((a, b) => a.version > b.version && a.recordedAt > b.recordedAt),
  'an equal version recorded later': twoEvents(
    (a, b) => a.version === b.version && a.recordedAt < b.recordedAt,
  ),
  corrections: twoEvents((a, b) => b.version > a.version && b.effectiveAt < a.effectiveAt),
  'late lower versions': twoEvents(
    (a, b) => b.version < a.version && b.effectiveAt < a.effectiveAt,
  ),
  'lower versions effective later': twoEvents(
    (a, b) => b.version < a.version && b.effectiveAt > a.effectiveAt,
  ),
  'scheduled phases': (stream) => changesOf(stream).some(({ scheduled }) => scheduled.length > 1),
  'scheduled phases dropped': twoEvents(
    (a, b) => b.version > a.version && a.scheduled.some((p) => p.effectiveAt > b.effectiveAt),
  ),
  'swaps at one instant': (stream) =>
    pairs(changesOf(stream)).some(
      ([a, b]) =>
        a.customerId === b.customerId &&
        a.subscriptionId !== b.subscriptionId &&
        a.effectiveAt === b.effectiveAt &&
        a.status === 'ended' &&
        b.status === 'active',
    ),
  'events effective after they were recorded': (stream) =>
    changesOf(stream).some((event) => event.effectiveAt > event.recordedAt + DAY),
  trials: hasStatus('trialing'),
  pauses: hasStatus('paused'),
  'past due': hasStatus('past_due'),
  usage: hasItem(({ billing }) => billing === 'usage'),
  'one-time charges': hasItem(({ billing }) => billing === 'one_time'),
  'free items': hasItem(({ amountMinor }) => amountMinor === 0),
  'the greatest amount': hasItem(({ amountMinor }) => amountMinor === 10 ** 12),
  'yen, won or shillings': hasItem(({ currency }) => ['JPY', 'KRW', 'UGX'].includes(currency)),
  'three decimals': hasItem(({ currency }) => ['KWD', 'IQD'].includes(currency)),
  'several sources of attributes': ({ arrived }) =>
    pairs(arrived.map(({ record }) => record).filter((r) => r.type === 'customer_changed')).some(
      ([a, b]) =>
        a.customerId === b.customerId &&
        a.source !== b.source &&
        Object.keys(a.attributes).some((name) => Object.hasOwn(b.attributes, name)),
    ),
  'a member that changes while there is ARR': ({ arrived, policy }) => {
    const whole = reference(arrived, policy);
    return policy.dimensions.some(({ name }) =>
      arrived.some(({ record }) => {
        const { customerId: id, effectiveAt: t } = record;
        const moved = whole.memberOf(id, name, t) !== whole.memberOf(id, name, t - 1);
        return moved && whole.arrOf(id, t) > 0;
      }),
    );
  },
  'a step exactly where a window starts': (stream) => {
    const whole = reference(stream.arrived, stream.policy);
    const steps = new Set(
      whole.customerIds.flatMap((id) => whole.movements(id)).map((m) => Number(m.effectiveAt)),
    );
    const { timeZone, windows } = stream.policy;
    return edgeInstants(stream).some((t) =>
      windows.some((window) => steps.has(windowStart(timeZone, window, t))),
    );
  },
  'names that break plain maps': ({ arrived }) =>
    arrived.some(({ record }) => String(record.customerId) === '__proto__'),
  ...Object.fromEntries(
    ['new', 'reactivation', 'expansion', 'contraction', 'churn'].map((kind) => [
      `a movement: ${kind}`,
      hasMovement(kind),
    ]),
  ),
  ...Object.fromEntries(
    [
      'new_product',
      'cross_sell',
      'upsell',
      'price_increase',
      'downgrade',
      'price_decrease',
      'product_removed',
      'cancellation',
      'return',
    ].map((kind) => [`a driver: ${kind}`, hasDriver(kind)]),
  ),
};

test.each(Object.entries(TROUBLES))('one stream in a hundred has %s', (_name, has) => {
  expect(streams.filter(has).length).toBeGreaterThanOrEqual(streams.length / 100);
});

test('every zone comes up', () => {
  expect(new Set(streams.map(({ policy }) => policy.timeZone)).size).toBe(11);
});

test('no record would be dead-lettered', () => {
  for (const { arrived, policy } of streams) {
    for (const { record } of arrived) {
      expect(record.recordedAt).toBeGreaterThan(0);
      expect(record.effectiveAt).toBeGreaterThan(0);
      expect(record.version).toBeGreaterThan(0);
      if (record.type === 'customer_changed') continue;
      let before: number = record.effectiveAt;
      for (const phase of record.scheduled) {
        expect(phase.effectiveAt).toBeGreaterThan(before);
        before = phase.effectiveAt;
      }
      for (const item of [record, ...record.scheduled].flatMap(({ items }) => items)) {
        expect(item.amountMinor).toBeLessThanOrEqual(10 ** 12);
        expect(itemArr(item, policy)).toBeLessThanOrEqual(10n ** 13n);
      }
    }
  }
});

test('a delivery hands over every record once, and never one from more than a day ahead', () => {
  const deliveries = fc.sample(deliveryArbitrary, { seed: SEED, numRuns: streams.length });
  let [ticks, reordered] = [0, 0];
  streams.forEach((stream, index) => {
    const commits = deliver(stream, deliveries[index]!);
    const handed = commits.flatMap(({ records }) => records);
    expect(handed.map(({ offset }) => offset)).toEqual(stream.arrived.map(({ offset }) => offset));
    const ids = (records: typeof handed) => records.map(({ record }) => record.eventId);
    expect(ids(handed).sort()).toEqual(ids([...stream.arrived]).sort());
    if (ids(handed).join() !== ids([...stream.arrived]).join()) reordered += 1;
    commits.forEach(({ asOf, records }, commit) => {
      expect(asOf).toBeGreaterThanOrEqual(commits[commit - 1]?.asOf ?? asOf);
      for (const { record } of records) expect(record.recordedAt).toBeLessThanOrEqual(asOf + DAY);
      if (records.length === 0) ticks += 1;
    });
  });
  expect(ticks).toBeGreaterThan(streams.length);
  expect(reordered).toBeGreaterThan(streams.length / 3);
});
