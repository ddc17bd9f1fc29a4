/** Retention at month ends, ready to be drawn. */

import type { HistoryPoint, RetentionRow } from './answers.ts';
import type { Scope } from './view.ts';

export interface MonthPoint {
  /** UTC ms. */
  readonly at: number;
  readonly asOf: string;
  readonly open: boolean;
  /** Null leaves a gap in the line. */
  readonly nrr: number | null;
  readonly grr: number | null;
}

export const rowIn = (rows: readonly RetentionRow[], scope: Scope | null): RetentionRow | null =>
  rows.find(({ member }) => member === (scope?.member ?? 'all')) ?? null;

const pointOf = (asOf: string, open: boolean, row: RetentionRow | null): MonthPoint => ({
  at: Date.parse(asOf),
  asOf,
  open,
  nrr: row?.nrr ?? null,
  grr: row?.grr ?? null,
});

/** The ends of months that are over. */
export const monthPoints = (
  points: readonly HistoryPoint[],
  scope: Scope | null,
): readonly MonthPoint[] =>
  points
    .filter(({ open }) => !open)
    .map(({ as_of, rows }) => pointOf(as_of, false, rowIn(rows, scope)));

/** And last where the month stands at the as-of of the page, unless that is its end. */
export function withPresent(
  months: readonly MonthPoint[],
  asOf: string,
  row: RetentionRow | null,
): readonly MonthPoint[] {
  const before = months.filter(({ at }) => at <= Date.parse(asOf));
  return before.at(-1)?.asOf === asOf ? before : [...before, pointOf(asOf, true, row)];
}

/** One range for all members, wider only where a value asks for it; steps of 10 %. */
export function ratioRange(values: readonly (number | null)[]): readonly [number, number] {
  const there = values.filter((value) => value !== null);
  const down = Math.floor(Math.min(0.8, ...there) * 10) / 10;
  const up = Math.ceil(Math.max(1.2, ...there) * 10) / 10;
  // One member at 400 % would flatten all others; it stands at the edge, its number says the rest.
  return [Math.max(down, 0), Math.min(up, 2)];
}
