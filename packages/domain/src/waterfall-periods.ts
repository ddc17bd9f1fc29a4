/**
 * The periods of a waterfall: counted from the first `from` by the calendar of the policy's time
 * zone, the last one cut at `to`.
 */

import { shiftDate } from './civil-date.ts';
import { parseDuration } from './duration.ts';
import { HoldfastError } from './errors.ts';
import type { TimeZone } from './time-zone.ts';

/** Instants from `from` up to, not including, `to`. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** More would be a report that nobody reads: daily rows of 27 years. */
const MOST_PERIODS = 10_000;

/**
 * Each begins as far into its day as the first one; one whose day does not exist begins with the
 * next month. Throws `usage` where there is no period, or too many.
 */
export function periodsOf(
  zone: TimeZone,
  from: number,
  to: number,
  every: string,
): readonly Period[] {
  const duration = parseDuration(every);
  if (duration === undefined || duration.count === 0) {
    throw new HoldfastError('usage', `every "${every}"; want PnD, PnW, PnM or PnY, n above 0`);
  }
  if (from >= to) throw new HoldfastError('usage', 'from is not before to; want an earlier from');
  const first = zone.dayAt(from);
  const edge = (times: number): number => {
    const { day, replaced } = shiftDate(first.day, duration, times);
    const start = zone.startOf(day);
    return replaced ? start : Math.min(start + (from - first.start), zone.startOf(day + 1));
  };
  const periods: Period[] = [];
  let begin = from;
  for (let times = 1; begin < to; times += 1) {
    const end = Math.min(edge(times), to);
    // A day that a time zone skipped has no instants, and so no period.
    if (end === begin) continue;
    if (periods.length === MOST_PERIODS) {
      throw new HoldfastError('usage', `more than ${MOST_PERIODS} periods; want a longer every`);
    }
    periods.push({ from: begin, to: end });
    begin = end;
  }
  return periods;
}
