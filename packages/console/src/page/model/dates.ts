/** Days as `YYYY-MM-DD` in the policy's time zone, and instants as people read them. */

const DAY_MS = 86_400_000;

const format = (timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone });

export interface Calendar {
  readonly timeZone: string;
  /** 2026-11-22; of an instant or a day */
  day(instant: string): string;
  /** 22 Nov 2026; of an instant or a day */
  date(instant: string): string;
  /** 22 Nov 2026, 10:00:00 UTC */
  time(instant: string): string;
  /** Nov 2026 */
  month(instant: string): string;
}

export function calendarIn(timeZone: string): Calendar {
  const iso = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone });
  const date = format(timeZone, { day: 'numeric', month: 'short', year: 'numeric' });
  const dayAlone = format('UTC', { day: 'numeric', month: 'short', year: 'numeric' });
  const time = format(timeZone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  const month = format(timeZone, { month: 'short', year: 'numeric' });
  return {
    timeZone,
    day: (instant) => (isDay(instant) ? instant : iso.format(new Date(instant))),
    // A day alone is that day in every time zone.
    date: (instant) => (isDay(instant) ? dayAlone : date).format(new Date(instant)),
    time: (instant) => time.format(new Date(instant)),
    month: (instant) => month.format(new Date(instant)),
  };
}

export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && dayOf(Date.parse(text)) === text;

const dayOf = (at: number): string =>
  Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 10);

export const shiftDays = (day: string, days: number): string =>
  dayOf(Date.parse(day) + days * DAY_MS);

const partsOf = (day: string): readonly [number, number, number] =>
  day.split('-').map(Number) as [number, number, number];

/** The last day of the month that lies so many months from the one of `day`. */
export function monthEnd(day: string, months: number): string {
  const [year, month] = partsOf(day);
  return dayOf(Date.UTC(year, month + months, 0));
}

/** The first day of the month that lies so many months from the one of `day`. */
export function monthStart(day: string, months: number): string {
  const [year, month] = partsOf(day);
  return dayOf(Date.UTC(year, month - 1 + months, 1));
}

/** The same instant so many months before; where that day does not exist, the month's last. */
export function monthsBefore(instant: string, months: number): string {
  const at = new Date(instant);
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() - months);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(day, last));
  return at.toISOString();
}

/** The instant a window of calendar length later: when a window that starts there first ends. */
export function afterWindow(instant: string, window: string): string {
  const [, number = '0', unit = 'D'] = /^P(\d+)([DWMY])$/.exec(window) ?? [];
  const length = Number(number);
  if (unit === 'M' || unit === 'Y') {
    return monthsBefore(instant, -length * (unit === 'Y' ? 12 : 1));
  }
  return new Date(Date.parse(instant) + length * (unit === 'W' ? 7 : 1) * DAY_MS).toISOString();
}
