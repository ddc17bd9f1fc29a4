/**
 * Rows as `holdfast report --json` and the gauges show them: retention by the member just before
 * s, present ARR and customers by the member at as_of.
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import { windowStart } from './calendar.ts';
import { arrAt, type Customer, memberAt } from './customer.ts';
import { minor } from './fraction.ts';
import {
  cohort,
  compoundedNrr,
  type Definition,
  flowRetention,
  type RetentionSums,
  ratiosOf,
  sumsOf,
} from './retention.ts';

/** All customers with ARR at an instant, by the member they have then. */
export interface PresentRow {
  readonly dimension: string;
  readonly member: string;
  readonly arrMinor: number;
  readonly customers: number;
}

/** Parts and ratios that the definition does not have are null (flow and compounded: NRR only). */
export type ReportRow = PresentRow & {
  readonly [Name in keyof RetentionSums]: number | null;
} & {
  readonly nrr: number | null;
  readonly grr: number | null;
  readonly logoRetention: number | null;
};

/** What a projection keeps for one window, dimension and member. */
export interface RetentionRow extends RetentionSums {
  readonly window: string;
  readonly dimension: string;
  readonly member: string;
}

export interface ReportCall {
  readonly asOf: number;
  readonly window: string;
  /** Default: point_to_point. */
  readonly definition?: Definition;
  /** An attribute; without it one row, dimension and member `all`. */
  readonly by?: string;
}

const byText = (a: { readonly member: string }, b: { readonly member: string }): number =>
  a.member < b.member ? -1 : a.member > b.member ? 1 : 0;

/** ARR and customers by member at `t`, members with ARR only, by name. */
export const presentRows = (
  customers: readonly Customer[],
  by: string | null,
  t: number,
): PresentRow[] => {
  const dimension = by ?? 'all';
  const rows = new Map<string, { arr: bigint; customers: number }>();
  for (const customer of customers) {
    const arr = arrAt(customer, t);
    if (arr === 0n) continue;
    const member = memberAt(customer, by, t);
    const row = rows.get(member) ?? { arr: 0n, customers: 0 };
    rows.set(member, { arr: row.arr + arr, customers: row.customers + 1 });
  }
  return [...rows]
    .map(([member, row]) => ({
      dimension,
      member,
      arrMinor: minor(row.arr),
      customers: row.customers,
    }))
    .sort(byText);
};

const NO_PARTS = {
  openingArrMinor: null,
  expansionArrMinor: null,
  contractionArrMinor: null,
  churnedArrMinor: null,
  closingArrMinor: null,
  openingCustomers: null,
  retainedCustomers: null,
  nrr: null,
  grr: null,
  logoRetention: null,
} as const;

const ALL = { dimension: 'all', member: 'all' } as const;

/** One row, or with `by` one for each member that has opening or present ARR, by name. */
export const reportRows = (
  customers: readonly Customer[],
  policy: Policy,
  { asOf, window, definition = 'point_to_point', by }: ReportCall,
): ReportRow[] => {
  const dimension = by ?? null;
  const s = windowStart(policy.timeZone, window, asOf);
  const present = presentRows(customers, dimension, asOf);
  if (definition === 'flow' || definition === 'compounded') {
    if (by !== undefined) throw new RangeError(`${definition} has no dimension but all`);
    const figures =
      definition === 'flow'
        ? flowRetention(customers, s, asOf)
        : { nrr: compoundedNrr(customers, policy.timeZone, window, asOf) };
    return [{ arrMinor: 0, customers: 0, ...present[0], ...ALL, ...NO_PARTS, ...figures }];
  }
  const parts = cohort(customers, s, asOf, definition, dimension);
  const members =
    dimension === null
      ? ['all']
      : [...new Set([...parts, ...present].map(({ member }) => member))].sort();
  return members.map((member) => {
    const own = parts.filter((part) => part.member === member);
    return {
      arrMinor: 0,
      customers: 0,
      ...present.find((row) => row.member === member),
      dimension: dimension ?? 'all',
      member,
      ...sumsOf(own),
      ...ratiosOf(own),
    };
  });
};

/**
 * Everything that the gauges at `t` are made of: for each window of the policy, and for `all` and
 * each dimension of the policy, the sums by member (members with opening ARR only) and the present
 * ARR by member (members with ARR only).
 */
export const gaugeRows = (
  customers: readonly Customer[],
  policy: Policy,
  t: number,
): { readonly retention: RetentionRow[]; readonly present: PresentRow[] } => {
  const dimensions = [null, ...policy.dimensions.map(({ name }) => name)];
  return {
    retention: policy.windows.flatMap((window) =>
      dimensions.flatMap((dimension) => {
        const s = windowStart(policy.timeZone, window, t);
        const parts = cohort(customers, s, t, 'point_to_point', dimension);
        return [...new Set(parts.map(({ member }) => member))].sort().map((member) => ({
          window,
          dimension: dimension ?? 'all',
          member,
          ...sumsOf(parts.filter((part) => part.member === member)),
        }));
      }),
    ),
    present: dimensions.flatMap((dimension) => presentRows(customers, dimension, t)),
  };
};
