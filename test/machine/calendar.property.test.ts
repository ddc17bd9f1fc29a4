/**
 * The calendar of the domain (luxon, civil dates) against that of the reference (Temporal): local
 * days, the window's start at any instant and the instant at which something leaves it.
 */

import { dayNumber } from '@holdfast/domain/civil-date.ts';
import { timeZone } from '@holdfast/domain/time-zone.ts';
import { windowOf } from '@holdfast/domain/window.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstInstant, windowStart } from '../reference/calendar.ts';
import { DAY, HOUR } from '../streams/moments.ts';
import { SCENES } from '../streams/scenes.ts';
import { leavesAt } from './edges.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

const timeout = LIMIT_MS;
const WINDOWS = ['P1D', 'P7D', 'P2W', 'P30D', 'P1M', 'P3M', 'P12M', 'P1Y', 'P365D'];

/** Beside a clock change, a month end or a leap day of a zone, or some hours away. */
const placeArbitrary = fc
  .record({
    scene: fc.constantFrom(...SCENES),
    anchor: fc.nat(1000),
    shift: fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -30 * HOUR, max: 30 * HOUR }),
      fc.constantFrom(-HOUR, HOUR, HOUR / 2, -HOUR - 1, 3 * HOUR, 23 * HOUR - 1, DAY - 1),
    ),
  })
  .map(({ scene: { zone, anchors }, anchor, shift }) => ({
    zone,
    at: (anchors[anchor % anchors.length] as number) + shift,
  }));

describe('the calendar of a time zone', () => {
  it('knows the first instant of every local date, and the day around every instant', {
    timeout,
  }, () => {
    fc.assert(
      fc.property(placeArbitrary, ({ zone, at }) => {
        const calendar = timeZone(zone);
        const { day, start, end } = calendar.dayAt(at);
        expect(start <= at && at < end).toBe(true);
        for (const near of [day - 1, day, day + 1]) {
          const date = new Temporal.PlainDate(1970, 1, 1).add({ days: near });
          expect(dayNumber(date.year, date.month, date.day)).toBe(near);
          expect(calendar.startOf(near)).toBe(firstInstant(zone, date));
        }
        expect(calendar.startOf(day)).toBe(start);
        expect(calendar.startOf(day + 1)).toBe(end);
      }),
      { numRuns: 10 * STREAMS },
    );
  });

  it('gives a window its start at every instant', { timeout }, () => {
    fc.assert(
      fc.property(placeArbitrary, fc.constantFrom(...WINDOWS), ({ zone, at }, name) => {
        const start = windowOf(name, timeZone(zone)).startFor(at + 1);
        expect(start).toBe(windowStart(zone, name, at));
      }),
      { numRuns: 10 * STREAMS },
    );
  });

  it('tells the first as-of at which an instant lies before the window', { timeout }, () => {
    fc.assert(
      fc.property(placeArbitrary, fc.constantFrom(...WINDOWS), ({ zone, at }, name) => {
        expect(windowOf(name, timeZone(zone)).leavesAt(at)).toBe(leavesAt(zone, name, at));
      }),
      { numRuns: STREAMS },
    );
  });
});
