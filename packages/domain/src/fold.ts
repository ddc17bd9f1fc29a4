/**
 * One admitted record folded into its customer. Pure: the same customer, record and cause give the
 * same customer again. Cost grows with the steps of this customer only.
 */

import type { Admitted } from './admit.ts';
import { announce } from './announce.ts';
import { type Placement, place } from './chain.ts';
import type {
  Customer,
  Profile,
  ProfileTimeline,
  RecordCause,
  SubscriptionTimeline,
} from './customer.ts';
import { edgeOf } from './horizon.ts';
import { sameLines } from './lines.ts';
import { byText } from './report-sums.ts';
import type { Rules } from './rules.ts';
import { instant, type Offset } from './scalars.ts';
import { stepsFrom, stepsOf } from './steps.ts';
import { trim } from './trim.ts';

/** What became of a record; `too_late` was applied at the edge of what is kept. */
export type FoldResult = 'applied' | 'too_late' | Exclude<Placement, 'placed'>;

export interface Folded {
  readonly customer: Customer;
  readonly result: FoldResult;
  readonly changed: Changed | null;
}

/**
 * What may differ from before: ARR from an instant on, or who the customer is. The latter has no
 * instant to start from, for the first that a source says also holds before.
 */
export type Changed =
  | { readonly what: 'arr'; readonly from: number }
  | { readonly what: 'profile' };

export function fold(
  rules: Rules,
  before: Customer | null,
  record: Admitted,
  offset: Offset,
  asOf: number,
): Folded {
  const base = before ?? nobody(record);
  const knownAt = instant(Math.max(base.knownAt, record.recordedAt));
  const { eventId, source } = record;
  const cause = { eventId, source, offset, knownAt };
  const kept = rules.lateness === null ? cause : null;
  const effectiveAt = (record.event.phases[0] as { from: number }).from;
  // The edge lies before knownAt: what is effective no earlier needs no calendar.
  const edge = effectiveAt >= knownAt ? Number.NEGATIVE_INFINITY : edgeOf(rules, knownAt);
  const tooLate = effectiveAt < edge;
  const { customer, placement } =
    record.kind === 'subscription'
      ? placeSubscription(base, record, edge, kept)
      : placeProfile(base, record, edge, kept);
  const result =
    placement === 'duplicate' || placement === 'version_tie'
      ? placement
      : tooLate
        ? 'too_late'
        : placement === 'placed'
          ? 'applied'
          : placement;
  if (placement !== 'placed' && knownAt === base.knownAt && before !== null) {
    return { customer: before, result, changed: null };
  }
  const known = { ...customer, knownAt };
  return {
    // Without a horizon everything is kept, and nothing ever comes due.
    customer: rules.lateness === null ? known : settle(rules, before, known, cause, asOf),
    result,
    changed: placement === 'placed' ? changedBy(record, Math.max(effectiveAt, edge)) : null,
  };
}

const changedBy = ({ kind }: Admitted, from: number): Changed =>
  kind === 'subscription' ? { what: 'arr', from } : { what: 'profile' };

/** What is kept of a customer after a record, and what of it is announced. */
function settle(
  rules: Rules,
  before: Customer | null,
  known: Customer,
  cause: RecordCause,
  asOf: number,
): Customer {
  const after = trim(rules, known);
  const announced = announce(rules, before, after, cause, asOf);
  return announced.length + after.announced.length === 0 ? after : { ...after, announced };
}

const nobody = (record: Admitted): Customer => ({
  id: record.customerId,
  knownAt: record.recordedAt,
  firstPaidAt: null,
  subscriptions: [],
  steps: stepsOf(record.customerId, []),
  profiles: [],
  announced: [],
});

interface PlacedCustomer {
  readonly customer: Customer;
  readonly placement: Placement;
}

function placeSubscription(
  customer: Customer,
  record: Extract<Admitted, { kind: 'subscription' }>,
  edge: number,
  cause: RecordCause | null,
): PlacedCustomer {
  const { subscriptions } = customer;
  const { source, subscriptionId } = record;
  const index = indexOfSubscription(subscriptions, source, subscriptionId);
  const chain = subscriptions[index]?.chain ?? [];
  const placed = place(chain, record.event, edge, cause, sameLines);
  if (placed.placement !== 'placed') return { customer, placement: placed.placement };
  const changed = { source, subscriptionId, chain: placed.chain };
  const all = put(subscriptions, index, changed, bySubscription);
  const from = Math.max((record.event.phases[0] as { from: number }).from, edge);
  return {
    customer: {
      ...customer,
      subscriptions: all,
      steps: stepsFrom(customer.id, all, customer.steps, from),
    },
    placement: placed.placement,
  };
}

function indexOfSubscription(
  subscriptions: readonly SubscriptionTimeline[],
  source: string,
  subscriptionId: string,
): number {
  for (let index = 0; index < subscriptions.length; index += 1) {
    const one = subscriptions[index] as SubscriptionTimeline;
    if (one.subscriptionId === subscriptionId && one.source === source) return index;
  }
  return -1;
}

function placeProfile(
  customer: Customer,
  record: Extract<Admitted, { kind: 'profile' }>,
  edge: number,
  cause: RecordCause | null,
): PlacedCustomer {
  const { profiles } = customer;
  const { source } = record;
  const index = profiles.findIndex((one) => one.source === source);
  const chain = profiles[index]?.chain ?? [];
  const placed = place(chain, record.event, edge, cause, sameProfile);
  if (placed.placement !== 'placed') return { customer, placement: placed.placement };
  const changed: ProfileTimeline = { source, chain: placed.chain };
  return {
    customer: { ...customer, profiles: put(profiles, index, changed, bySource) },
    placement: placed.placement,
  };
}

const bySource = (a: { readonly source: string }, b: { readonly source: string }): number =>
  byText(a.source, b.source);

const bySubscription = (a: SubscriptionTimeline, b: SubscriptionTimeline): number =>
  bySource(a, b) || byText(a.subscriptionId, b.subscriptionId);

/** Replaces the one at the index, or adds it in its order. */
function put<One>(
  list: readonly One[],
  index: number,
  one: One,
  order: (a: One, b: One) => number,
): readonly One[] {
  return index >= 0 ? list.with(index, one) : [...list, one].sort(order);
}

function sameProfile(a: Profile, b: Profile): boolean {
  if (a.name !== b.name) return false;
  const entries = Object.entries(a.attributes);
  return (
    entries.length === Object.keys(b.attributes).length &&
    entries.every(([key, value]) => Object.hasOwn(b.attributes, key) && b.attributes[key] === value)
  );
}
