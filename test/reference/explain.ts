/**
 * Every customer's share in a retention figure, with the movements inside the window and the
 * events that made them. The shares add up to the figure exactly.
 */

import type { Movement } from '@holdfast/domain/delta.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import { windowStart } from './calendar.ts';
import { type Customer, nameAt } from './customer.ts';
import { minor } from './fraction.ts';
import { type Holdings, holderAt, holdingsArr, subscriptionHoldings } from './holdings.ts';
import { movementsOf } from './movements.ts';
import {
  type CohortDefinition,
  churnedOf,
  cohort,
  contractionOf,
  expansionOf,
  type Part,
} from './retention.ts';

/** An event whose subscription is worth something else from a movement's instant on. */
export interface MovementCause {
  readonly eventId: string;
  readonly effectiveAt: number;
  readonly recordedAt: number;
  /** The difference of its subscription's ARR, signed; the causes add up to the movement. */
  readonly amountMinor: number;
}

export interface ExplainRow {
  readonly customerId: string;
  /** At as_of. */
  readonly name: string | null;
  /** Just before s. */
  readonly member: string;
  readonly openingArrMinor: number;
  readonly expansionArrMinor: number;
  readonly contractionArrMinor: number;
  readonly churnedArrMinor: number;
  readonly closingArrMinor: number;
  /** Its part of the numerator of GRR. */
  readonly keptArrMinor: number;
  /** Those effective in [s, t], ascending. */
  readonly movements: readonly (Movement & { readonly causes: readonly MovementCause[] })[];
}

export interface ExplainCall {
  readonly asOf: number;
  readonly window: string;
  readonly definition?: CohortDefinition;
  readonly by?: string;
}

const sameHoldings = (a: Holdings, b: Holdings): boolean =>
  a.size === b.size &&
  [...a].every(([productId, { arr, quantity }]) => {
    const other = b.get(productId);
    return other !== undefined && other.arr === arr && other.quantity === quantity;
  });

const causesAt = (customer: Customer, at: number): MovementCause[] =>
  customer.subscriptions.flatMap((events) => {
    const before = subscriptionHoldings(events, at - 1, customer.policy);
    const after = subscriptionHoldings(events, at, customer.policy);
    const holder = holderAt(events, at);
    if (holder === undefined || sameHoldings(before, after)) return [];
    const { eventId, effectiveAt, recordedAt } = holder.record;
    const amountMinor = minor(holdingsArr(after) - holdingsArr(before));
    return [{ eventId, effectiveAt, recordedAt, amountMinor }];
  });

const rowOf = (part: Part, s: number, t: number): ExplainRow => ({
  customerId: part.customer.customerId,
  name: nameAt(part.customer, t),
  member: part.member,
  openingArrMinor: minor(part.opening),
  expansionArrMinor: minor(expansionOf(part)),
  contractionArrMinor: minor(contractionOf(part)),
  churnedArrMinor: minor(churnedOf(part)),
  closingArrMinor: minor(part.closing),
  keptArrMinor: minor(part.kept),
  movements: movementsOf(part.customer)
    .filter(({ effectiveAt }) => effectiveAt >= s && effectiveAt <= t)
    .map((movement) => ({ ...movement, causes: causesAt(part.customer, movement.effectiveAt) })),
});

const difference = (row: ExplainRow): number => Math.abs(row.closingArrMinor - row.openingArrMinor);

/** The cohort, the greatest difference first, gain or loss; of equal ones by customer id. */
export const explainRows = (
  customers: readonly Customer[],
  policy: Policy,
  { asOf, window, definition = 'point_to_point', by }: ExplainCall,
): ExplainRow[] => {
  const s = windowStart(policy.timeZone, window, asOf);
  return cohort(customers, s, asOf, definition, by ?? null)
    .map((part) => rowOf(part, s, asOf))
    .sort((a, b) => difference(b) - difference(a) || (a.customerId < b.customerId ? -1 : 1));
};
