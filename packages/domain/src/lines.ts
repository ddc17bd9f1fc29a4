/** Counted lines of a subscription or of a whole customer: one for each product. */

import type { Line } from './customer.ts';
import { minorUnits } from './scalars.ts';

/** Adds up lines of the same product; ordered by product, so that equal content is equal data. */
export function sumLines(lines: readonly Line[]): readonly Line[] {
  if (lines.length < 2) return lines;
  const sums = new Map<string, Line>();
  for (const line of lines) {
    const sum = sums.get(line.productId);
    sums.set(line.productId, sum === undefined ? line : add(sum, line));
  }
  return [...sums.values()].sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

const add = (a: Line, b: Line): Line => ({
  productId: a.productId,
  arrMinor: minorUnits(a.arrMinor + b.arrMinor),
  quantity: a.quantity + b.quantity,
});

export function sameLines(a: readonly Line[], b: readonly Line[]): boolean {
  return (
    a.length === b.length &&
    a.every((line, index) => {
      const other = b[index] as Line;
      return (
        line.productId === other.productId &&
        line.arrMinor === other.arrMinor &&
        line.quantity === other.quantity
      );
    })
  );
}

/** ARR of all lines together, minor units. */
export function arrOf(lines: readonly Line[]): number {
  let sum = 0;
  for (const line of lines) sum += line.arrMinor;
  return sum;
}
