/** Days and billing terms of the simulated company, all in UTC. */

import { DAY_MS, shiftDate } from '@holdfast/domain/civil-date.ts';
import { type Instant, instant } from '@holdfast/domain/scalars.ts';

export { DAY_MS };
export const YEAR_DAYS = 365.25;

/** Months from one renewal to the next. */
export type TermMonths = 1 | 3 | 12 | 36;

export const later = (at: Instant, days: number): Instant =>
  instant(Math.round(at + days * DAY_MS));

export const dayOf = (at: Instant): number => Math.floor(at / DAY_MS);

export const startOfDay = (day: number): Instant => instant(day * DAY_MS);

/** First start of a period after `at`; periods are counted from the day `anchor`. */
export const nextPeriod = (anchor: number, months: number, at: Instant): Instant => {
  const by = { unit: 'month', count: months } as const;
  let times = Math.max(0, Math.floor((dayOf(at) - anchor) / (months * 31)));
  for (;;) {
    const start = startOfDay(shiftDate(anchor, by, times).day);
    if (start > at) return start;
    times += 1;
  }
};
