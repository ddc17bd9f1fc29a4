/**
 * How far back a projection is exact: the longest window and before its start the lateness, counted
 * from the customer's own greatest recorded_at, so that a rebuild decides the same.
 */

import { DAY_MS } from './civil-date.ts';
import type { Rules } from './rules.ts';

/**
 * The clock that says whether recorded_at lies in the future may be a day behind it, so steps are
 * kept a little longer than the edge at which late records are applied.
 */
const KEPT_BEYOND_EDGE_MS = 2 * DAY_MS;

/** What is effective before this instant is applied at it. */
export const edgeOf = (rules: Rules, knownAt: number): number => reach(rules, knownAt + 1);

/** Steps from this instant on are kept; movements before it are never said again. */
export const keptFrom = (rules: Rules, knownAt: number): number =>
  reach(rules, knownAt + 1 - KEPT_BEYOND_EDGE_MS);

/**
 * The later of an instant and the first that is kept. What is kept begins before the end that it is
 * counted from, so that a late instant needs no calendar.
 */
export const keptOf = (rules: Rules, knownAt: number, at: number): number =>
  at > knownAt - KEPT_BEYOND_EDGE_MS ? at : Math.max(at, keptFrom(rules, knownAt));

function reach({ windows, lateness }: Rules, end: number): number {
  if (lateness === null) return Number.NEGATIVE_INFINITY;
  let start = end;
  for (const window of windows) start = Math.min(start, window.startFor(end));
  return lateness.startFor(start);
}
