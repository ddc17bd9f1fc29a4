/**
 * The calendar of a time zone and the rule of the window's start, written over `Temporal` (the
 * production code uses luxon, so the two share no arithmetic). Instants are UTC milliseconds.
 * In SEMANTICS' words: S(x) is `firstInstant`, s is `windowStart`.
 */

const HOUR = 3_600_000;

interface Duration {
  readonly unit: 'days' | 'months';
  readonly count: number;
}

/** PnD, PnW, PnM or PnY; a week is seven days, a year twelve months. */
export const parseDuration = (text: string): Duration => {
  const match = /^P(\d+)([DWMY])$/.exec(text);
  if (match === null) throw new RangeError(`not a duration: ${text}`);
  const count = Number(match[1]);
  switch (match[2]) {
    case 'D':
      return { unit: 'days', count };
    case 'W':
      return { unit: 'days', count: count * 7 };
    case 'M':
      return { unit: 'months', count };
    default:
      return { unit: 'months', count: count * 12 };
  }
};

const zoned = (zone: string, t: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(t).toZonedDateTimeISO(zone);

export const localDate = (zone: string, t: number): Temporal.PlainDate =>
  zoned(zone, t).toPlainDate();

/** Calendar arithmetic never changes, so that a day asked for once is kept. */
const firstInstants = new Map<string, number>();

/**
 * S(x): the first instant whose local date is x. Where the zone skipped the day whole (Apia,
 * 30 December 2011) it is the first instant after the gap, which is S of the day after as well.
 */
export const firstInstant = (zone: string, date: Temporal.PlainDate): number => {
  const key = `${zone} ${date.toString()}`;
  const known = firstInstants.get(key);
  if (known !== undefined) return known;
  const found = date.toZonedDateTime({ timeZone: zone }).epochMilliseconds;
  firstInstants.set(key, found);
  return found;
};

const dayAfter = (date: Temporal.PlainDate): Temporal.PlainDate => date.add({ days: 1 });

/** The date so many periods away; where there is none (30 February) the next month's first. */
const shiftDate = (
  date: Temporal.PlainDate,
  { unit, count }: Duration,
  times: number,
): { readonly date: Temporal.PlainDate; readonly exists: boolean } => {
  const shifted = date.add({ [unit]: count * times });
  // Temporal answers the last day of the month for one that does not exist.
  if (unit === 'days' || shifted.day === date.day) return { date: shifted, exists: true };
  return { date: shifted.with({ day: 1 }).add({ months: 1 }), exists: false };
};

/** The same time into another date's local day as `e` is into its own, cut at that day's end. */
const shiftInstant = (zone: string, e: number, duration: Duration, times: number): number => {
  const own = localDate(zone, e);
  const target = shiftDate(own, duration, times);
  const start = firstInstant(zone, target.date);
  if (!target.exists) return start;
  return Math.min(start + (e - firstInstant(zone, own)), firstInstant(zone, dayAfter(target.date)));
};

/**
 * Instants up to `e` and not long before it at which the local date went back (St Johns until
 * 2011: at 00:01 to 23:01 of the day before). Only a recent one can matter, because the rule moves
 * forward by a day for every day.
 */
const recentStepsBack = (zone: string, e: number): number[] => {
  const found: number[] = [];
  let at = e + 1;
  for (;;) {
    const previous = zoned(zone, at).getTimeZoneTransition('previous');
    if (previous === null || previous.epochMilliseconds < e - 72 * HOUR) return found;
    at = previous.epochMilliseconds;
    if (Temporal.PlainDate.compare(localDate(zone, at), localDate(zone, at - 1)) < 0) {
      found.push(at);
    }
  }
};

/** The start of a window that ends just before `e`. */
const windowStartBefore = (zone: string, window: string, e: number): number => {
  const duration = parseDuration(window);
  const start = shiftInstant(zone, e, duration, -1);
  // While the local date stands or rises the rule never falls. So its maximum over all earlier
  // instants is reached at `e` or just before the local date went back.
  return Math.max(
    start,
    ...recentStepsBack(zone, e).map((back) => shiftInstant(zone, back - 1, duration, -1)),
  );
};

/** s(t): the window is [s, t + 1 ms). */
export const windowStart = (zone: string, window: string, t: number): number =>
  windowStartBefore(zone, window, t + 1);

/**
 * The instant before which a record is too late, for a customer whose greatest recorded_at is
 * `greatest`. SEMANTICS says "the longest window plus lateness, counted from" it: the window that
 * reaches furthest back at that instant, and before its start another window of length `lateness`,
 * both by the rule of the window's start. So the edge never runs back either.
 */
export const horizonEdge = (
  zone: string,
  windows: readonly string[],
  lateness: string,
  greatest: number,
): number => {
  const starts = windows.map((window) => windowStart(zone, window, greatest));
  return windowStartBefore(zone, lateness, Math.min(greatest + 1, ...starts));
};

/**
 * Where periods begin and end: from, from + every, from + 2 x every, ..., to. A period's end is
 * found like a window's start, only forward; a period that is empty because the zone skipped its
 * days is left out.
 */
export const periodEdges = (zone: string, from: number, to: number, every: string): number[] => {
  const duration = parseDuration(every);
  if (duration.count === 0) throw new RangeError(`a period of no length: ${every}`);
  const edges = [from];
  for (let k = 1; ; k += 1) {
    const edge = shiftInstant(zone, from, duration, k);
    if (edge >= to) return [...edges, to];
    if (edge > edges[edges.length - 1]!) edges.push(edge);
  }
};

/**
 * The instant that a window starting at `s` would end at, going forward. Not the inverse of the
 * rule (month ends have none); streams use it to stand next to a window's edge.
 */
export const nearWindowEnd = (zone: string, window: string, s: number): number =>
  shiftInstant(zone, s, parseDuration(window), 1);
