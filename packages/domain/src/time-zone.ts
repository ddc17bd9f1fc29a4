/**
 * Local dates of one IANA time zone and the instants at which they begin. Asks luxon for offsets
 * and remembers what it found for each date, so that calendar work is done once a day.
 */

import { IANAZone } from 'luxon';
import { DAY_MS } from './civil-date.ts';

/**
 * The instants from the first one of a local date to the first one of the next. They all have that
 * date but for `dip`: where a clock goes back over midnight, the date before returns for a while.
 */
export interface LocalDay {
  readonly day: number;
  readonly start: number;
  readonly end: number;
  readonly dip: { readonly from: number; readonly to: number } | null;
}

export interface TimeZone {
  readonly name: string;
  /** First instant of a local date given as days since 1970-01-01; of the next one if it is skipped. */
  startOf(day: number): number;
  /** The local day around an instant. */
  dayAt(instant: number): LocalDay;
}

export const isTimeZone = (name: string): boolean => IANAZone.isValidZone(name);

const HOUR_MS = 3_600_000;
/** No clock has changed by more than a day and some hours within two days. */
const SEARCH_MS = 26 * HOUR_MS;

export function timeZone(name: string): TimeZone {
  const zone = IANAZone.create(name);
  const offsetMs = (at: number): number => Math.round(zone.offset(at) * 60_000);
  const dateAt = (at: number): number => Math.floor((at + offsetMs(at)) / DAY_MS);

  /** Least instant in (low, high] at which the test holds, given that it holds at high only. */
  const bisect = (low: number, high: number, holds: (at: number) => boolean): number => {
    let below = low;
    let above = high;
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      if (holds(middle)) above = middle;
      else below = middle;
    }
    return above;
  };

  const findStart = (day: number): number => {
    const midnight = day * DAY_MS;
    const before = offsetMs(midnight - SEARCH_MS);
    const after = offsetMs(midnight + SEARCH_MS);
    // With the greater offset it comes first, and no instant before it has the date.
    const first = midnight - Math.max(before, after);
    if (dateAt(first) === day) return first;
    // The clock goes forward later on that day, or over midnight, or skips the date, which then
    // begins where the next one does.
    return bisect(midnight - SEARCH_MS, midnight + SEARCH_MS, (at) => dateAt(at) >= day);
  };

  const starts = new Map<number, number>();
  const startOf = (day: number): number => {
    const known = starts.get(day);
    if (known !== undefined) return known;
    const start = findStart(day);
    starts.set(day, start);
    return start;
  };

  const days = new Map<number, LocalDay>();
  const localDay = (day: number): LocalDay => {
    const known = days.get(day);
    if (known !== undefined) return known;
    const start = startOf(day);
    const end = startOf(day + 1);
    const probe = start + 4 * HOUR_MS;
    let dip: LocalDay['dip'] = null;
    if (offsetMs(probe) < offsetMs(start)) {
      const from = bisect(start, probe, (at) => offsetMs(at) < offsetMs(start));
      if (dateAt(from) < day) dip = { from, to: day * DAY_MS - offsetMs(from) };
    }
    const found = { day, start, end, dip };
    days.set(day, found);
    return found;
  };

  /** The local day of the first instant of a UTC day, by its date: no other asks for an offset. */
  const byUtcDay = new Map<number, LocalDay>();
  const atUtcDay = (utcDay: number): LocalDay => {
    const known = byUtcDay.get(utcDay);
    if (known !== undefined) return known;
    const found = localDay(dateAt(utcDay * DAY_MS));
    byUtcDay.set(utcDay, found);
    return found;
  };

  let last = localDay(0);
  const dayAt = (at: number): LocalDay => {
    if (at >= last.start && at < last.end) return last;
    last = atUtcDay(Math.floor(at / DAY_MS));
    // The date may have changed since then; a skipped one has no instants; in a dip it is the one
    // before.
    while (at >= last.end) last = localDay(last.day + 1);
    return last;
  };

  return { name, startOf, dayAt };
}
