/** The rule of the window's start on the days that break calendars, with answers found by hand. */

import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../streams/moments.ts';
import { SCENES } from '../streams/scenes.ts';
import { firstInstant, horizonEdge, localDate, periodEdges, windowStart } from './calendar.ts';

const iso = (t: number): string => new Date(t).toISOString();
const start = (zone: string, window: string, t: string): string =>
  iso(windowStart(zone, window, Date.parse(t)));

describe('the start of a window', () => {
  test('as of the last millisecond of a month a window of one month is that month', () => {
    expect(start('UTC', 'P1M', '2026-02-28T23:59:59.999Z')).toBe('2026-02-01T00:00:00.000Z');
    expect(start('UTC', 'P1M', '2026-03-31T23:59:59.999Z')).toBe('2026-03-01T00:00:00.000Z');
    expect(start('UTC', 'P1M', '2026-04-30T23:59:59.999Z')).toBe('2026-04-01T00:00:00.000Z');
  });

  test('stands at 1 March through 29, 30 and 31 March, and moves on at 1 April', () => {
    for (const day of ['29', '30', '31']) {
      expect(start('UTC', 'P1M', `2026-03-${day}T12:00:00Z`)).toBe('2026-03-01T00:00:00.000Z');
    }
    expect(start('UTC', 'P1M', '2026-04-01T12:00:00Z')).toBe('2026-03-01T12:00:00.001Z');
  });

  test('a year before 29 February is 1 March', () => {
    expect(start('UTC', 'P1Y', '2024-02-29T05:00:00Z')).toBe('2023-03-01T00:00:00.000Z');
    expect(start('UTC', 'P12M', '2024-02-28T05:00:00Z')).toBe('2023-02-28T05:00:00.001Z');
  });

  test('a day of 25 hours is cut where the earlier day ends', () => {
    // Berlin, 27 October 2024: from 22:00 UTC of the 26th for 25 hours.
    expect(start('Europe/Berlin', 'P1D', '2024-10-27T22:30:00Z')).toBe('2024-10-26T22:00:00.000Z');
    expect(start('Europe/Berlin', 'P1D', '2024-10-27T23:30:00Z')).toBe('2024-10-26T22:30:00.001Z');
  });

  test('a day of 23 hours leaves no instant out', () => {
    // Berlin, 31 March 2024 has 23 hours; one day on, the window jumps from 23 h into it to its end.
    expect(start('Europe/Berlin', 'P1D', '2024-04-01T20:59:59.998Z')).toBe(
      '2024-03-31T21:59:59.999Z',
    );
    expect(start('Europe/Berlin', 'P1D', '2024-04-01T21:30:00Z')).toBe('2024-03-31T22:00:00.000Z');
  });

  test('stands still while the local date is back on the day before', () => {
    // St Johns, 1 November 2009: 00:01 of the 1st (02:31 UTC) becomes 23:01 of 31 October.
    expect(start('America/St_Johns', 'P1D', '2009-11-01T02:30:59.998Z')).toBe(
      '2009-10-31T02:30:59.999Z',
    );
    expect(start('America/St_Johns', 'P1D', '2009-11-01T02:45:00Z')).toBe(
      '2009-10-31T02:30:59.999Z',
    );
    // At the second midnight the first minute of the day counts as an hour ago.
    expect(start('America/St_Johns', 'P1D', '2009-11-01T03:30:00Z')).toBe(
      '2009-10-31T03:30:00.001Z',
    );
  });

  test('a day that the zone skipped has no length', () => {
    // Apia had no 30 December 2011: the 31st began at 10:00 UTC of the 30th.
    expect(start('Pacific/Apia', 'P1D', '2011-12-30T12:00:00Z')).toBe('2011-12-30T10:00:00.000Z');
    expect(start('Pacific/Apia', 'P1D', '2011-12-31T12:00:00Z')).toBe('2011-12-30T12:00:00.001Z');
    expect(iso(firstInstant('Pacific/Apia', new Temporal.PlainDate(2011, 12, 30)))).toBe(
      '2011-12-30T10:00:00.000Z',
    );
  });

  test('a day that begins at 01:00 begins there', () => {
    // Sao Paulo, 4 November 2018.
    expect(iso(firstInstant('America/Sao_Paulo', new Temporal.PlainDate(2018, 11, 4)))).toBe(
      '2018-11-04T03:00:00.000Z',
    );
  });
});

describe.each(SCENES)('in $zone', ({ zone, anchors }) => {
  const windows = ['P1D', 'P7D', 'P1M', 'P3M', 'P1Y'];

  const beside = [-HOUR, -60_000, -2, -1, 0, 1, 59_999, 60_000, HOUR - 1, HOUR, 2 * HOUR];
  const instants = [...new Set(anchors.flatMap((anchor) => beside.map((shift) => anchor + shift)))];
  instants.sort((a, b) => a - b);

  test.each(windows)('a window of %s never runs back, not by a millisecond', (window) => {
    const starts = instants.map((t) => windowStart(zone, window, t));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  test('the first instant of a date is the first one on it', () => {
    for (const anchor of anchors) {
      const date = localDate(zone, anchor);
      const first = firstInstant(zone, date);
      expect(localDate(zone, first).toString()).toBe(date.toString());
      expect(first).toBeLessThanOrEqual(anchor);
      for (const back of [1, 60_000, HOUR, 12 * HOUR]) {
        expect(Temporal.PlainDate.compare(localDate(zone, first - back), date)).toBe(-1);
      }
    }
  });
});

test('the horizon reaches back by the longest window and then by the lateness', () => {
  const edge = horizonEdge('UTC', ['P1M', 'P12M'], 'P90D', Date.parse('2026-06-01T00:00:00Z') - 1);
  expect(iso(edge)).toBe(iso(Date.parse('2025-06-01T00:00:00Z') - 90 * DAY));
});

describe('periods', () => {
  const edges = (zone: string, from: string, to: string, every: string): string[] =>
    periodEdges(zone, Date.parse(from), Date.parse(to), every).map(iso);

  test('are counted from the first one, a missing day being the first of the next month', () => {
    expect(edges('UTC', '2026-01-31T00:00:00Z', '2026-04-10T00:00:00Z', 'P1M')).toEqual([
      '2026-01-31T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
      '2026-03-31T00:00:00.000Z',
      '2026-04-10T00:00:00.000Z',
    ]);
  });

  test('go by local days', () => {
    expect(edges('Europe/Berlin', '2024-03-30T23:00:00Z', '2024-04-01T22:00:00Z', 'P1D')).toEqual([
      '2024-03-30T23:00:00.000Z',
      '2024-03-31T22:00:00.000Z',
      '2024-04-01T22:00:00.000Z',
    ]);
  });

  test('a day that the zone skipped is no period', () => {
    expect(edges('Pacific/Apia', '2011-12-29T10:00:00Z', '2011-12-31T10:00:00Z', 'P1D')).toEqual([
      '2011-12-29T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '2011-12-31T10:00:00.000Z',
    ]);
  });
});
