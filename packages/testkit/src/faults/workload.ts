/**
 * Billing changes of a few customers, one after another: corrections, late and repeated records,
 * phases agreed for later, and records that must die. Instants lie close together and close to the
 * edges of short windows, so that time alone moves figures all the while.
 */

import { formatChangeLine } from '@holdfast/contracts/json-change.ts';
import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord, SubscriptionPhase } from '@holdfast/domain/records.ts';
import { customerId, type Instant, instant } from '@holdfast/domain/scalars.ts';
import type { AppendedRecord } from '@holdfast/embedded/log.ts';
import type { Random } from '@holdfast/simulation/random.ts';

export interface Workload {
  /** The next records of a partition, as a producer would write them now. */
  next(partition: number, now: number): Omit<AppendedRecord, 'partition'>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Short windows, so that a schedule of some weeks crosses their edges often. */
export const POLICIES: readonly Policy[] = [
  {
    ...DEFAULT_POLICY,
    windows: ['P1D', 'P7D'],
    dimensions: [{ name: 'segment', cap: 50 }],
    lateness: 'P2D',
  },
  { ...DEFAULT_POLICY, windows: ['P1M'], timeZone: 'America/New_York', lateness: 'P1D' },
];

/** `<partition>-<name>`: the partitioner reads it from the key. */
const CUSTOMERS = ['a', 'b', 'c'] as const;

export const partitionOfKey = (key: Uint8Array): number =>
  Number(String.fromCharCode(key[0] ?? 48));

const KINDS = {
  change: 10,
  classify: 3,
  end: 2,
  late: 2,
  repeat: 2,
  ahead_of_time: 2,
  broken: 1,
  foreign_key: 1,
  negative: 1,
  null_value: 0.5,
};

export const workload = (random: Random): Workload => {
  const written = new Map<number, AppendedRecord[]>();
  let count = 0;

  const near = (now: number): Instant => {
    // So that it comes due while the partitions are at it.
    if (random.chance(0.3)) return instant(now + random.between(-500, 3_000));
    const days = random.pick([-9, -3, -1, 0, 0, 0, 0, 1, 2]);
    const shift = random.pick([0, 0, 0, 1, -1, HOUR, -HOUR, 60_000]);
    return instant(Math.floor(now / HOUR) * HOUR + days * DAY + shift);
  };

  const phase = (effectiveAt: Instant, ends: boolean): SubscriptionPhase => ({
    effectiveAt,
    status: ends ? 'ended' : random.pick(['active', 'active', 'active', 'past_due', 'paused']),
    items: ends
      ? []
      : ['core', 'seats'].slice(0, random.between(1, 2)).map((productId) => ({
          productId,
          quantity: random.between(1, 3),
          amountMinor: random.between(1, 4) * 1_000,
          currency: 'USD',
          interval: 'month',
          intervalCount: 1,
          billing: 'recurring',
        })),
  });

  const schedule = (from: Instant): readonly SubscriptionPhase[] => {
    const first = from + random.pick([1, 400, 2_000, HOUR, DAY, 5 * DAY]);
    const second = first + random.pick([1, HOUR, DAY]);
    return [first, second]
      .slice(0, random.pick([0, 0, 1, 2]))
      .map((at) => phase(instant(at), random.chance(0.3)));
  };

  const record = (customer: string, kind: keyof typeof KINDS, now: number): ChangeRecord => {
    const effectiveAt = near(now);
    const head = {
      eventId: `e${count}`,
      source: '',
      customerId: customerId(customer),
      version: kind === 'late' ? Math.max(1, count - random.between(1, 8)) : count,
      // Whether this one is too far ahead depends on when it is read.
      recordedAt: instant(
        now + (kind === 'ahead_of_time' ? DAY + random.between(-5, 20) * 100 : 0),
      ),
      effectiveAt,
    };
    if (kind === 'classify') {
      const segment = random.pick(['smb', 'enterprise', '']);
      return { type: 'customer_changed', ...head, name: null, attributes: { segment } };
    }
    const changed = phase(effectiveAt, kind === 'end');
    return {
      type: 'subscription_changed',
      ...head,
      subscriptionId: random.pick(['s', 't']),
      status: changed.status,
      items:
        kind === 'negative'
          ? changed.items.map((item) => ({ ...item, amountMinor: -1 }))
          : changed.items,
      scheduled: kind === 'end' ? [] : schedule(effectiveAt),
    };
  };

  const next = (partition: number, now: number): AppendedRecord => {
    count += 1;
    const before = written.get(partition) ?? [];
    const kind = random.weighted(KINDS);
    const customer = `${partition}-${random.pick(CUSTOMERS)}`;
    const key = Buffer.from(kind === 'foreign_key' ? `${partition + 1}-a` : customer);
    if (kind === 'repeat' && before.length > 0) return random.pick(before);
    if (kind === 'broken') return { timestamp: now, key, value: Buffer.from(`{"n":${count}`) };
    if (kind === 'null_value') return { timestamp: now, key, value: null };
    const value = Buffer.from(formatChangeLine(record(key.toString(), kind, now)));
    written.set(partition, [...before, { timestamp: now, key, value }]);
    return { timestamp: now, key, value };
  };

  return { next };
};
