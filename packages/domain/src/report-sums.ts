/** Exact sums of a report: a total beyond safe integers stops with an error, never rounds. */

import { arrOverflow } from './overflow.ts';

/**
 * The sum itself if it is exact. Its terms all have one sign, so that a sum that was once too large
 * stays so. Throws `arr_overflow`.
 */
export function exactSum(sum: number, what: string): number {
  if (Number.isSafeInteger(sum)) return sum;
  throw arrOverflow(what, sum);
}

/** By code unit, as everything in the domain is ordered: the same on every machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
