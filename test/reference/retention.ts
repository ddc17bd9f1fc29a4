/**
 * Retention over a window at an instant, by the five definitions of SEMANTICS, from every
 * customer's ARR worked out at the window's edges and at each instant between.
 */

import type { MovementKind } from '@holdfast/domain/delta.ts';
import { parseDuration, windowStart } from './calendar.ts';
import { arrAt, type Customer, memberAt } from './customer.ts';
import { type Fraction, fraction, minor, times, toNumber } from './fraction.ts';
import { movementAmount, movementsOf } from './movements.ts';

/** The definitions in which every customer has a part of its own. */
export const COHORT_DEFINITIONS = ['point_to_point', 'no_returners', 'path'] as const;
export type CohortDefinition = (typeof COHORT_DEFINITIONS)[number];
export const DEFINITIONS = [...COHORT_DEFINITIONS, 'flow', 'compounded'] as const;
export type Definition = (typeof DEFINITIONS)[number];

/** One customer of the cohort. */
export interface Part {
  readonly customer: Customer;
  /** Its member just before s. */
  readonly member: string;
  /** A. */
  readonly opening: bigint;
  /** B, as the definition has it. */
  readonly closing: bigint;
  /** Its part of the numerator of GRR. */
  readonly kept: bigint;
}

/** ARR at `s` and after each change in (s, t]: every value that ARR has in [s, t]. */
const arrsWithin = (customer: Customer, s: number, t: number): bigint[] =>
  [s, ...customer.instants.filter((at) => at > s && at <= t)].map((at) => arrAt(customer, at));

const least = ([first = 0n, ...others]: readonly bigint[]): bigint => {
  let lowest = first;
  for (const other of others) if (other < lowest) lowest = other;
  return lowest;
};

/** The cohort of [s, t]: customers with ARR just before s. */
export const cohort = (
  customers: Iterable<Customer>,
  s: number,
  t: number,
  definition: CohortDefinition,
  dimension: string | null,
): Part[] =>
  [...customers].flatMap((customer) => {
    const opening = arrAt(customer, s - 1);
    if (opening === 0n) return [];
    const lowest = least(arrsWithin(customer, s, t));
    const returned = definition === 'no_returners' && lowest === 0n;
    const closing = returned ? 0n : arrAt(customer, t);
    const kept = least([opening, definition === 'path' ? lowest : closing]);
    return [{ customer, member: memberAt(customer, dimension, s - 1), opening, closing, kept }];
  });

/** Sums over a cohort; all in minor units of the reporting currency, losses positive. */
export interface RetentionSums {
  readonly openingArrMinor: number;
  readonly expansionArrMinor: number;
  readonly contractionArrMinor: number;
  readonly churnedArrMinor: number;
  readonly closingArrMinor: number;
  readonly openingCustomers: number;
  readonly retainedCustomers: number;
}

const sum = <T>(values: readonly T[], of: (value: T) => bigint): bigint =>
  values.reduce((total, value) => total + of(value), 0n);

export const expansionOf = ({ opening, closing }: Part): bigint =>
  closing > opening ? closing - opening : 0n;
export const contractionOf = ({ opening, closing }: Part): bigint =>
  closing > 0n && closing < opening ? opening - closing : 0n;
export const churnedOf = ({ opening, closing }: Part): bigint => (closing === 0n ? opening : 0n);

export const sumsOf = (parts: readonly Part[]): RetentionSums => ({
  openingArrMinor: minor(sum(parts, (part) => part.opening)),
  expansionArrMinor: minor(sum(parts, expansionOf)),
  contractionArrMinor: minor(sum(parts, contractionOf)),
  churnedArrMinor: minor(sum(parts, churnedOf)),
  closingArrMinor: minor(sum(parts, (part) => part.closing)),
  openingCustomers: parts.length,
  retainedCustomers: parts.filter(({ closing }) => closing > 0n).length,
});

/** No ratio where nothing was open. */
const ratio = (numerator: bigint, denominator: bigint): Fraction | null =>
  denominator === 0n ? null : fraction(numerator, denominator);

const asNumber = (value: Fraction | null): number | null =>
  value === null ? null : toNumber(value);

/** The three ratios of a cohort. */
export const ratiosOf = (
  parts: readonly Part[],
): { nrr: number | null; grr: number | null; logoRetention: number | null } => {
  const opening = sum(parts, (part) => part.opening);
  const retained = parts.filter(({ closing }) => closing > 0n).length;
  return {
    nrr: asNumber(
      ratio(
        sum(parts, (part) => part.closing),
        opening,
      ),
    ),
    grr: asNumber(
      ratio(
        sum(parts, (part) => part.kept),
        opening,
      ),
    ),
    logoRetention: asNumber(ratio(BigInt(retained), BigInt(parts.length))),
  };
};

/** Sums of all movements effective in [s, t], whoever's they are; losses positive. */
const flows = (customers: readonly Customer[], s: number, t: number) => {
  const within = customers
    .flatMap(movementsOf)
    .filter(({ effectiveAt }) => effectiveAt >= s && effectiveAt <= t);
  const total = (kind: MovementKind): bigint =>
    sum(
      within.filter(({ movement }) => movement === kind),
      (movement) => BigInt(Math.abs(movementAmount(movement))),
    );
  return {
    expansion: total('expansion'),
    contraction: total('contraction'),
    churned: total('churn'),
  };
};

/** `flow`: the movements of everybody, over the opening ARR of all. NRR only. */
export const flowRetention = (customers: readonly Customer[], s: number, t: number) => {
  const opening = sum(customers, (customer) => arrAt(customer, s - 1));
  const { expansion, contraction, churned } = flows(customers, s, t);
  return {
    openingArrMinor: minor(opening),
    expansionArrMinor: minor(expansion),
    contractionArrMinor: minor(contraction),
    churnedArrMinor: minor(churned),
    nrr: asNumber(ratio(opening + expansion - contraction - churned, opening)),
  };
};

/** `compounded`: the product of the window's months, each with a cohort of its own. NRR only. */
export const compoundedNrr = (
  customers: readonly Customer[],
  zone: string,
  window: string,
  t: number,
): number | null => {
  const { unit, count } = parseDuration(window);
  if (unit !== 'months') throw new RangeError(`compounded needs whole months, not ${window}`);
  let product = fraction(1n, 1n);
  // A month lasts from just before s_k to `until`, the last instant before s_(k-1), or t.
  let until = t;
  for (let k = 1; k <= count; k += 1) {
    const s = windowStart(zone, `P${k}M`, t);
    const parts = cohort(customers, s, until, 'point_to_point', null);
    const month = ratio(
      sum(parts, (part) => part.closing),
      sum(parts, (part) => part.opening),
    );
    if (month === null) return null;
    product = times(product, month);
    until = s - 1;
  }
  return toNumber(product);
};
