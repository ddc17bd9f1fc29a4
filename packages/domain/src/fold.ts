/**
 * One admitted record folded into its customer. Pure: the same customer, record and cause give the
 * same customer again. Cost grows with the steps of this customer only.
 */

import type { Admitted } from './admit.ts';
import { type Placement, place } from './chain.ts';
import type {
  Chain,
  Customer,
  Phase,
  PhaseCause,
  Profile,
  ProfileTimeline,
  SubscriptionTimeline,
} from './customer.ts';
import { edgeOf, keptFrom } from './horizon.ts';
import { sameLines } from './lines.ts';
import type { Rules } from './rules.ts';
import { type Instant, instant, type Offset } from './scalars.ts';
import { stepsOf } from './steps.ts';

/** What became of a record; `too_late` was applied at the edge of what is kept. */
export type FoldResult = 'applied' | 'too_late' | Exclude<Placement, 'placed'>;

export interface Folded {
  readonly customer: Customer;
  readonly result: FoldResult;
  /** ARR and profile before this instant are as they were; null: nothing changed at any instant. */
  readonly changedFrom: number | null;
}

export function fold(
  rules: Rules,
  before: Customer | null,
  record: Admitted,
  offset: Offset,
  asOf: number,
): Folded {
  const base = before ?? nobody(record);
  const knownAt = instant(Math.max(base.knownAt, record.recordedAt));
  const edge = edgeOf(rules, knownAt);
  const cause = { eventId: record.eventId, offset, knownAt };
  const effectiveAt = (record.event.phases[0] as { from: number }).from;
  const tooLate = effectiveAt < edge;
  const { customer, placement } =
    record.kind === 'subscription'
      ? placeSubscription(base, record, edge, cause)
      : placeProfile(base, record, edge, cause);
  const result =
    placement === 'duplicate' || placement === 'version_tie'
      ? placement
      : tooLate
        ? 'too_late'
        : placement === 'placed'
          ? 'applied'
          : placement;
  if (placement !== 'placed' && knownAt === base.knownAt && before !== null) {
    return { customer: before, result, changedFrom: null };
  }
  return {
    customer: trim(rules, { ...customer, knownAt }, asOf),
    result,
    changedFrom: placement === 'placed' ? Math.max(effectiveAt, edge) : null,
  };
}

const nobody = (record: Admitted): Customer => ({
  id: record.customerId,
  knownAt: record.recordedAt,
  firstPaidAt: null,
  subscriptions: [],
  profiles: [],
});

interface PlacedCustomer {
  readonly customer: Customer;
  readonly placement: Placement;
}

function placeSubscription(
  customer: Customer,
  record: Extract<Admitted, { kind: 'subscription' }>,
  edge: number,
  cause: PhaseCause,
): PlacedCustomer {
  const { subscriptions } = customer;
  const { source, subscriptionId } = record;
  const isIt = (one: SubscriptionTimeline): boolean =>
    one.subscriptionId === subscriptionId && one.source === source;
  const chain = subscriptions.find(isIt)?.chain ?? [];
  const placed = place(chain, record.event, edge, cause, sameLines);
  if (placed.placement !== 'placed') return { customer, placement: placed.placement };
  const changed = { source, subscriptionId, chain: placed.chain };
  const others = subscriptions.filter((one) => !isIt(one));
  return {
    customer: { ...customer, subscriptions: sorted([...others, changed], subscriptionKey) },
    placement: placed.placement,
  };
}

function placeProfile(
  customer: Customer,
  record: Extract<Admitted, { kind: 'profile' }>,
  edge: number,
  cause: PhaseCause,
): PlacedCustomer {
  const { profiles } = customer;
  const { source } = record;
  const chain = profiles.find((one) => one.source === source)?.chain ?? [];
  const placed = place(chain, record.event, edge, cause, sameProfile);
  if (placed.placement !== 'placed') return { customer, placement: placed.placement };
  const others = profiles.filter((one) => one.source !== source);
  const changed: ProfileTimeline = { source, chain: placed.chain };
  return {
    customer: { ...customer, profiles: sorted([...others, changed], (one) => one.source) },
    placement: placed.placement,
  };
}

/** Sources and ids have no character below a space in practice; a NUL keeps the pair apart. */
const subscriptionKey = (one: SubscriptionTimeline): string =>
  `${one.source}\u0000${one.subscriptionId}`;

function sorted<One>(list: readonly One[], key: (one: One) => string): readonly One[] {
  return list.length < 2 ? list : list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function sameProfile(a: Profile, b: Profile): boolean {
  if (a.name !== b.name) return false;
  const entries = Object.entries(a.attributes);
  return (
    entries.length === Object.keys(b.attributes).length &&
    entries.every(([key, value]) => Object.hasOwn(b.attributes, key) && b.attributes[key] === value)
  );
}

/**
 * Drops what can't matter any more: phases that ended before `kept`, and the causes of phases that
 * have come due. What is left of a chain begins with the phase that holds just before `kept`.
 * Without a horizon everything is kept, the causes too: they explain a figure.
 */
function trim(rules: Rules, customer: Customer, asOf: number): Customer {
  if (rules.lateness === null) return customer;
  const kept = keptFrom(rules, customer.knownAt);
  const drops = (chain: Chain<unknown>): boolean =>
    chain.length > 1 && (chain[1] as Phase<unknown>).from < kept;
  const paidBefore =
    customer.firstPaidAt === null && customer.subscriptions.some(({ chain }) => drops(chain))
      ? firstPaidBefore(customer, kept)
      : customer.firstPaidAt;
  return {
    ...customer,
    firstPaidAt: paidBefore,
    subscriptions: mapChanged(customer.subscriptions, (one) => {
      const chain = trimChain(one.chain, kept, asOf);
      return chain === one.chain ? one : { ...one, chain };
    }),
    profiles: mapChanged(customer.profiles, (one) => {
      const chain = trimChain(one.chain, kept, asOf);
      return chain === one.chain ? one : { ...one, chain };
    }),
  };
}

function firstPaidBefore(customer: Customer, kept: number): Instant | null {
  const first = stepsOf(customer).at[0];
  return first !== undefined && first < kept ? instant(first) : null;
}

function trimChain<Value>(chain: Chain<Value>, kept: number, asOf: number): Chain<Value> {
  let start = 0;
  while (start + 1 < chain.length && (chain[start + 1] as Phase<Value>).from < kept) start += 1;
  const rest = start === 0 ? chain : chain.slice(start);
  return mapChanged(rest, (phase) =>
    phase.cause !== null && phase.from <= asOf ? { ...phase, cause: null } : phase,
  );
}

/** The list itself when nothing in it changed, so that what was computed from it stays known. */
function mapChanged<One>(list: readonly One[], change: (one: One) => One): readonly One[] {
  const mapped = list.map(change);
  return mapped.every((one, index) => one === list[index]) ? list : mapped;
}
