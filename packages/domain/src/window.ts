/**
 * A rolling window of calendar length: where it starts at every instant, and when an instant
 * leaves it. With e the exclusive end, D the local date of e and S(x) the first instant of x:
 * start = min( S(D - W) + (e - S(D)), S(the day after D - W) ), which never runs back.
 */

import { shiftDate } from './civil-date.ts';
import { type CalendarDuration, parseDuration } from './duration.ts';
import { HoldfastError } from './errors.ts';
import type { LocalDay, TimeZone } from './time-zone.ts';

export interface Window {
  /** The ISO 8601 duration as the policy writes it. */
  readonly name: string;
  /** Start of the window that ends just before `end`. */
  startFor(end: number): number;
  /** The least as-of t at which `at` lies before the window's start, so that A includes it. */
  leavesAt(at: number): number;
}

/** One local day of ends: start = min(base + (end - day.start), cap). */
interface EndDay {
  readonly day: LocalDay;
  readonly base: number;
  readonly cap: number;
}

export function windowOf(name: string, zone: TimeZone): Window {
  const duration = parseDuration(name);
  if (duration === undefined || duration.count === 0) {
    throw new HoldfastError('config_invalid', `window "${name}"; want PnD, PnW, PnM or PnY`);
  }
  return makeWindow(name, duration, zone);
}

/** The same of a duration that may be none at all. */
export function makeWindow(name: string, duration: CalendarDuration, zone: TimeZone): Window {
  const known = new Map<number, EndDay>();
  const endDay = (day: LocalDay): EndDay => {
    const found = known.get(day.day);
    if (found !== undefined) return found;
    const shifted = shiftDate(day.day, duration, -1);
    const base = zone.startOf(shifted.day);
    const made = { day, base, cap: shifted.replaced ? base : zone.startOf(shifted.day + 1) };
    known.set(day.day, made);
    return made;
  };

  const startOn = ({ day, base, cap }: EndDay, end: number): number => {
    // While the clock repeats the date before, the start waits where it stood.
    const counted =
      day.dip !== null && end >= day.dip.from && end < day.dip.to ? day.dip.from - 1 : end;
    return Math.min(base + (counted - day.start), cap);
  };

  let last = endDay(zone.dayAt(0));
  const at = (instant: number): EndDay => {
    if (instant < last.day.start || instant >= last.day.end) last = endDay(zone.dayAt(instant));
    return last;
  };

  const startFor = (end: number): number => startOn(at(end), end);

  /** The first day of ends on which the start can pass the instants of a date: no earlier one. */
  const firstEndDays = new Map<number, LocalDay>();
  const firstEndDay = (date: number): LocalDay => {
    const found = firstEndDays.get(date);
    if (found !== undefined) return found;
    const day = zone.dayAt(zone.startOf(shiftDate(date, duration, 1).day));
    firstEndDays.set(date, day);
    return day;
  };

  const leavesAt = (instant: number): number => {
    let day = firstEndDay(zone.dayAt(instant).day);
    for (;;) {
      const ends = endDay(day);
      if (startOn(ends, day.end - 1) > instant) {
        let end = Math.max(day.start, day.start + (instant - ends.base) + 1);
        if (day.dip !== null && end >= day.dip.from && end < day.dip.to) end = day.dip.to;
        return end - 1;
      }
      day = zone.dayAt(day.end);
    }
  };

  return { name, startFor, leavesAt };
}
