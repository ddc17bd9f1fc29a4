/**
 * Where and when a hostile stream plays: a time zone, and the instants near which the calendar has
 * teeth there (month ends, leap days, clock changes, a day that does not exist). All instants are
 * UTC milliseconds, ascending.
 */

import { firstInstant, localDate } from '../reference/calendar.ts';

export interface Scene {
  readonly zone: string;
  /** Local midnights about month ends and the zone's clock changes, over some three years. */
  readonly anchors: readonly number[];
}

/** Zones with a year in which something happens; the stream goes on from a year before it. */
const PLACES: readonly (readonly [zone: string, year: number])[] = [
  ['UTC', 2024], // a leap year
  ['America/New_York', 2026],
  ['Europe/Berlin', 2024],
  ['Australia/Lord_Howe', 2024], // half an hour of daylight saving
  ['America/St_Johns', 2009], // changes at 00:01, in autumn back to 23:01 of the day before
  ['America/Sao_Paulo', 2018], // changes at midnight: days that begin at 01:00
  ['America/Havana', 2024], // forward at midnight, back from 01:00
  ['Pacific/Apia', 2011], // no 30 December
  ['Pacific/Kwajalein', 1993], // no 21 August
  ['Antarctica/Casey', 2010], // three hours back over midnight, once
  ['Asia/Kathmandu', 1986], // +05:30 became +05:45
];

const SPECIAL_DAYS = [1, 15, 28, 29, 30, 31];

const clockChanges = (zone: string, from: number, to: number): number[] => {
  const found: number[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= to) return found;
    found.push(next.epochMilliseconds);
    at = next;
  }
};

const specialMidnights = (zone: string, year: number): number[] => {
  const found: number[] = [];
  let date = new Temporal.PlainDate(year - 1, 1, 1);
  for (; date.year <= year + 1; date = date.add({ days: 1 })) {
    if (SPECIAL_DAYS.includes(date.day)) found.push(firstInstant(zone, date));
  }
  return found;
};

const sceneOf = (zone: string, year: number): Scene => {
  const midnights = specialMidnights(zone, year);
  const [from, to] = [midnights[0]!, midnights[midnights.length - 1]!];
  const changes = clockChanges(zone, from, to);
  // A change, the day it falls on, and the days a month and a year after it.
  const near = changes.flatMap((change) => {
    const date = localDate(zone, change);
    const days = [date, date.add({ months: 1 }), date.add({ years: 1 })];
    return [change, ...days.map((day) => firstInstant(zone, day))];
  });
  return { zone, anchors: [...new Set([...midnights, ...near])].sort((a, b) => a - b) };
};

export const SCENES: readonly Scene[] = PLACES.map(([zone, year]) => sceneOf(zone, year));
