/**
 * Which members of a dimension the gauges name: those that the policy lists, else the largest by
 * ARR; the rest is summed as `other`. Wants the sums over all partitions: the largest of a
 * partition need not be large.
 */

import type { AggregateRow, ArrRow, RetentionRow } from './aggregates.ts';
import type { Dimension } from './policy.ts';
import { byText } from './report-sums.ts';

/** The sum of the members that are not named; so a member of this name is never named. */
export const OTHER = 'other';

/**
 * Rows of named members as they are, and one row `other` for each window (and for ARR) of a
 * dimension that has more of them. Every member that a window or ARR knows is counted once.
 */
export function nameMembers(
  rows: readonly AggregateRow[],
  dimensions: readonly Dimension[],
): readonly AggregateRow[] {
  const named = new Map(dimensions.map((one) => [one.name, namedMembers(rows, one)]));
  const others = new Map<string, AggregateRow>();
  const kept = rows.filter((row) => {
    // `all` is no dimension of a policy, and its one member is always named.
    if (named.get(row.dimension)?.has(row.member) !== false) return true;
    const key = JSON.stringify([row.dimension, row.kind === 'arr' ? null : row.window]);
    const sum = others.get(key);
    others.set(key, sum === undefined ? { ...row, member: OTHER } : added(sum, row));
    return false;
  });
  return [...kept, ...others.values()];
}

function namedMembers(
  rows: readonly AggregateRow[],
  { name, members, cap }: Dimension,
): ReadonlySet<string> {
  if (members !== undefined) return new Set(members);
  const arr = new Map<string, number>();
  for (const row of rows) {
    if (row.dimension !== name || row.member === OTHER) continue;
    // A member may have been lost whole: windows know it, ARR does not.
    if (row.kind === 'arr') arr.set(row.member, row.arrMinor);
    else if (!arr.has(row.member)) arr.set(row.member, 0);
  }
  const largest = [...arr].sort(([a, arrOfA], [b, arrOfB]) => arrOfB - arrOfA || byText(a, b));
  return new Set(largest.slice(0, cap).map(([member]) => member));
}

/** Both rows are of one kind, window and dimension. */
function added(sum: AggregateRow, row: AggregateRow): AggregateRow {
  if (sum.kind === 'arr') {
    const { arrMinor, customers } = row as ArrRow;
    return { ...sum, arrMinor: sum.arrMinor + arrMinor, customers: sum.customers + customers };
  }
  const more = row as RetentionRow;
  return {
    ...sum,
    openingArrMinor: sum.openingArrMinor + more.openingArrMinor,
    expansionArrMinor: sum.expansionArrMinor + more.expansionArrMinor,
    contractionArrMinor: sum.contractionArrMinor + more.contractionArrMinor,
    churnedArrMinor: sum.churnedArrMinor + more.churnedArrMinor,
    closingArrMinor: sum.closingArrMinor + more.closingArrMinor,
    openingCustomers: sum.openingCustomers + more.openingCustomers,
    retainedCustomers: sum.retainedCustomers + more.retainedCustomers,
  };
}
