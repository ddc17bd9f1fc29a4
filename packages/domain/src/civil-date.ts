/**
 * Dates without a time zone, as a count of days since 1970-01-01 (proleptic Gregorian).
 * Source of the arithmetic: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */

import type { CalendarDuration } from './duration.ts';

export const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a civil date; month 1 to 12, and 13 for January of the next year. */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civilDate(days: number): CivilDate {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** A date moved by a duration. */
export interface ShiftedDate {
  readonly day: number;
  /** The date aimed at does not exist (30 February): `day` is the first of the next month. */
  readonly replaced: boolean;
}

export function shiftDate(day: number, by: CalendarDuration, times: number): ShiftedDate {
  if (by.unit === 'day') return { day: day + by.count * times, replaced: false };
  const from = civilDate(day);
  const months = from.year * 12 + (from.month - 1) + by.count * times;
  const year = Math.floor(months / 12);
  const month = (((months % 12) + 12) % 12) + 1;
  const aimed = dayNumber(year, month, from.day);
  const nextMonth = dayNumber(year, month + 1, 1);
  return aimed < nextMonth ? { day: aimed, replaced: false } : { day: nextMonth, replaced: true };
}
