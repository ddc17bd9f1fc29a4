/**
 * Instants as JSON carries them: ISO 8601 with an offset. Read by hand, since `Date.parse` takes
 * 30 February for 2 March, takes an instant without an offset, and is slower.
 */

import { DAY_MS, dayNumber } from '@holdfast/domain/civil-date.ts';
import { type Instant, instant } from '@holdfast/domain/scalars.ts';

/** What a refusal says that it wants. */
export const INSTANT_FORM = 'ISO 8601 with an offset, such as 2026-01-31T09:30:00Z';

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

const ZERO = 48;
const NINE = 57;

/** The number that `count` digits say, or -1 where there are fewer. */
const digits = (text: string, from: number, count: number): number => {
  let value = 0;
  for (let index = from; index < from + count; index++) {
    const code = text.charCodeAt(index);
    if (!(code >= ZERO && code <= NINE)) return -1;
    value = value * 10 + code - ZERO;
  }
  return value;
};

const daysInMonth = (year: number, month: number): number => {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : DAYS_IN_MONTH[month - 1]!;
};

/** The offset written at the end of the text, in ms, or null: Z, +hh, +hhmm or +hh:mm. */
const parseOffset = (text: string, from: number): number | null => {
  const sign = text[from];
  const length = text.length - from;
  if (sign === 'Z') return length === 1 ? 0 : null;
  if (sign !== '+' && sign !== '-') return null;
  const hours = digits(text, from + 1, 2);
  let minutes = 0;
  if (length === 6 && text[from + 3] === ':') minutes = digits(text, from + 4, 2);
  else if (length === 5) minutes = digits(text, from + 3, 2);
  else if (length !== 3) return null;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return null;
  return (sign === '-' ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
};

/**
 * `YYYY-MM-DDThh:mm`, then seconds and a fraction where given, then the offset. Digits beyond
 * milliseconds are cut. Null where the text is none, or names a date or time that does not exist.
 */
export const parseInstant = (text: string): Instant | null => {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':') return null;
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return null;
  let at = 16;
  let second = 0;
  let millis = 0;
  if (text[at] === ':') {
    second = digits(text, at + 1, 2);
    if (second < 0 || second > 59) return null;
    at += 3;
    if (text[at] === '.' || text[at] === ',') {
      const first = at + 1;
      for (at = first; digits(text, at, 1) >= 0; at++) {
        if (at < first + 3) millis = millis * 10 + digits(text, at, 1);
      }
      if (at === first) return null;
      for (let given = at - first; given < 3; given++) millis *= 10;
    }
  }
  const offset = parseOffset(text, at);
  if (offset === null) return null;
  return instant(
    dayNumber(year, month, day) * DAY_MS +
      hour * HOUR_MS +
      minute * MINUTE_MS +
      second * SECOND_MS +
      millis -
      offset,
  );
};

/** The text of an instant of the years 1970 to 9999, which is all that the domain takes. */
export const formatInstant = (at: Instant): string => new Date(at).toISOString();
