/**
 * What one subscription is worth at an instant, read straight off SEMANTICS: of all events with
 * effective_at <= t the greatest by (version, recorded_at), of equals the first to arrive; within
 * it the last phase with effective_at <= t.
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import type { Item, SubscriptionChanged, SubscriptionPhase } from '@holdfast/domain/records.ts';
import { billingCounts, itemArr, statusCounts } from './annualise.ts';

/** One product's sums over counted items. */
export interface Holding {
  readonly arr: bigint;
  readonly quantity: bigint;
}

/** By product id; a product that no counted item names has no entry. */
export type Holdings = ReadonlyMap<string, Holding>;

/** A record with the instant from which it is applied (its effective_at, or the horizon's edge). */
export interface Placed<R> {
  readonly record: R;
  readonly appliedAt: number;
  readonly knownAt: number;
  readonly offset: number;
}

/** The placed record that holds at `t`; `placed` stands in the order of arrival. */
export const holderAt = <R extends { readonly version: number; readonly recordedAt: number }>(
  placed: readonly Placed<R>[],
  t: number,
): Placed<R> | undefined => {
  let best: Placed<R> | undefined;
  for (const candidate of placed) {
    if (candidate.appliedAt > t) continue;
    if (best === undefined || isGreater(candidate.record, best.record)) best = candidate;
  }
  return best;
};

const isGreater = (
  a: { readonly version: number; readonly recordedAt: number },
  b: { readonly version: number; readonly recordedAt: number },
): boolean => (a.version === b.version ? a.recordedAt > b.recordedAt : a.version > b.version);

const phaseAt = (event: SubscriptionChanged, t: number): SubscriptionPhase => {
  let last: SubscriptionPhase = event;
  for (const phase of event.scheduled) if (phase.effectiveAt <= t) last = phase;
  return last;
};

const valueItems = (items: readonly Item[], policy: Policy): Holdings => {
  const sums = new Map<string, Holding>();
  for (const item of items) {
    if (!billingCounts(item.billing, policy)) continue;
    const sum = sums.get(item.productId) ?? { arr: 0n, quantity: 0n };
    sums.set(item.productId, {
      arr: sum.arr + itemArr(item, policy),
      quantity: sum.quantity + BigInt(item.quantity),
    });
  }
  return sums;
};

/** A phase's value never changes under one policy; kept so that it is worked out once. */
const valued = new WeakMap<Policy, WeakMap<SubscriptionPhase, Holdings>>();

const valuePhase = (phase: SubscriptionPhase, policy: Policy): Holdings => {
  const known = valued.get(policy) ?? new WeakMap<SubscriptionPhase, Holdings>();
  valued.set(policy, known);
  const holdings =
    known.get(phase) ??
    (statusCounts(phase.status, policy) ? valueItems(phase.items, policy) : new Map());
  known.set(phase, holdings);
  return holdings;
};

/** The products of one subscription at `t`. */
export const subscriptionHoldings = (
  events: readonly Placed<SubscriptionChanged>[],
  t: number,
  policy: Policy,
): Holdings => {
  const holder = holderAt(events, t);
  return holder === undefined ? new Map() : valuePhase(phaseAt(holder.record, t), policy);
};

/** Product by product over several subscriptions. */
export const sumHoldings = (parts: readonly Holdings[]): Holdings => {
  const sums = new Map<string, Holding>();
  for (const part of parts) {
    for (const [productId, { arr, quantity }] of part) {
      const sum = sums.get(productId) ?? { arr: 0n, quantity: 0n };
      sums.set(productId, { arr: sum.arr + arr, quantity: sum.quantity + quantity });
    }
  }
  return sums;
};

export const holdingsArr = (holdings: Holdings): bigint => {
  let sum = 0n;
  for (const { arr } of holdings.values()) sum += arr;
  return sum;
};
