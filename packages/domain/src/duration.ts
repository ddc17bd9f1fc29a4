/** Calendar durations of windows, periods and lateness: PnD, PnW, PnM, PnY. */

/** A count of days, or a count of months; never both. */
export type CalendarDuration =
  | { readonly unit: 'day'; readonly count: number }
  | { readonly unit: 'month'; readonly count: number };

const PATTERN = /^P(\d{1,5})([DWMY])$/;

/** Reads an ISO 8601 duration of one unit; undefined for anything else. */
export function parseDuration(text: string): CalendarDuration | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const count = Number(match[1]);
  switch (match[2]) {
    case 'D':
      return { unit: 'day', count };
    case 'W':
      return { unit: 'day', count: count * 7 };
    case 'M':
      return { unit: 'month', count };
    default:
      return { unit: 'month', count: count * 12 };
  }
}

/** Upper bound in days, to hold durations of different units against a limit. */
export const longestDays = (duration: CalendarDuration): number =>
  duration.unit === 'day' ? duration.count : Math.ceil((duration.count * 366) / 12);
