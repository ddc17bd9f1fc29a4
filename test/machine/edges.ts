/**
 * The exact instants at which figures may change with no event, found by searching the reference's
 * calendar: where an instant comes due, and where it leaves a window.
 */

import * as fc from 'fast-check';
import { nearWindowEnd, windowStart } from '../reference/calendar.ts';
import { DAY } from '../streams/moments.ts';
import type { Stream } from '../streams/streams.ts';

/** The least t at which `at` lies before the start of the window. The start never runs back. */
export function leavesAt(zone: string, window: string, at: number): number {
  // Month ends and clock changes move the answer by some days at most.
  let before = nearWindowEnd(zone, window, at) - 5 * DAY;
  let after = nearWindowEnd(zone, window, at) + 5 * DAY;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (windowStart(zone, window, middle) > at) after = middle;
    else before = middle;
  }
  return after;
}

/** Picks one instant that a stream names, and what it does: comes due (0) or leaves a window. */
export const edgePickArbitrary = fc.record({
  mentioned: fc.nat(200),
  window: fc.nat(3),
  beside: fc.constantFrom(0, -1, 1),
});

type EdgePick = typeof edgePickArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

export function edgeOf({ policy, mentioned }: Stream, pick: EdgePick): number {
  const at = mentioned[pick.mentioned % mentioned.length] as number;
  const window = policy.windows[pick.window - 1];
  const edge = window === undefined ? at : leavesAt(policy.timeZone, window, at);
  return edge + pick.beside;
}
