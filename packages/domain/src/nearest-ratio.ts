/**
 * A ratio as a number, rounded once: the parts may be products of many sums, far beyond what a number
 * holds.
 */

/** Digits of the quotient beyond the 53 that a number holds: they only decide how it is rounded. */
const QUOTIENT_BITS = 66;
/** A quotient so small that it needs more loses digits, long before it could be shown. */
const MOST_SHIFT = 1_000;

const bits = (value: bigint): number => value.toString(2).length;

/** The number nearest to a ratio of whole amounts, neither below 0, `whole` above 0. */
export function nearestRatio(part: bigint, whole: bigint): number {
  const shift = Math.min(Math.max(QUOTIENT_BITS + bits(whole) - bits(part), 0), MOST_SHIFT);
  const shifted = part << BigInt(shift);
  // What the division leaves over can still tip the rounding of the last digit.
  const rest = shifted % whole === 0n ? 0n : 1n;
  return Number((shifted / whole) | rest) / 2 ** shift;
}
