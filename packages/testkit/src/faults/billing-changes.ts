/**
 * Billing changes as they may come: corrections, late and repeated ones, phases agreed for later,
 * and some that must die. Instants lie close together and close to the edges of short windows, so
 * that time alone moves figures all the while. Says what comes; whoever asks writes it.
 */

import type { ChangeRecord, SubscriptionPhase } from '@holdfast/domain/records.ts';
import { customerId, type Instant, instant } from '@holdfast/domain/scalars.ts';
import type { Random } from '@holdfast/simulation/random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const CHANGE_KINDS = {
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

export type ChangeKind = keyof typeof CHANGE_KINDS;

export interface BillingChanges {
  /** The `count`th change there is, of a customer, as its producer writes it now. */
  record(customer: string, kind: ChangeKind, now: number, count: number): ChangeRecord;
}

export const billingChanges = (random: Random): BillingChanges => {
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

  const record: BillingChanges['record'] = (customer, kind, now, count) => {
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

  return { record };
};
