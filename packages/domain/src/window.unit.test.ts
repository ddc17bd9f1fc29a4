import { describe, expect, it } from 'vitest';
import { isHoldfastError } from './errors.ts';
import { timeZone } from './time-zone.ts';
import { makeWindow, windowOf } from './window.ts';

const iso = (at: number): string => new Date(at).toISOString().replace(':00.000Z', 'Z');
const startFor = (name: string, zone: string, end: string): string =>
  iso(windowOf(name, timeZone(zone)).startFor(Date.parse(end)));
const leavesAt = (name: string, zone: string, at: string): string =>
  new Date(windowOf(name, timeZone(zone)).leavesAt(Date.parse(at))).toISOString();

describe('the start of a window', () => {
  it.each([
    ['P1M', 'UTC', '2026-03-15T12:34:00Z', '2026-02-15T12:34Z'],
    ['P7D', 'UTC', '2026-03-15T12:34:00Z', '2026-03-08T12:34Z'],
    ['P2W', 'UTC', '2026-03-15T12:34:00Z', '2026-03-01T12:34Z'],
    ['P1Y', 'UTC', '2025-02-28T12:34:00Z', '2024-02-28T12:34Z'],
    // A whole month at its last millisecond.
    ['P1M', 'UTC', '2026-03-01T00:00:00Z', '2026-02-01T00:00Z'],
    ['P1M', 'UTC', '2026-04-01T00:00:00Z', '2026-03-01T00:00Z'],
    // 29, 30 and 31 March have no day in February.
    ['P1M', 'UTC', '2026-03-28T23:59:00Z', '2026-02-28T23:59Z'],
    ['P1M', 'UTC', '2026-03-29T00:00:00Z', '2026-03-01T00:00Z'],
    ['P1M', 'UTC', '2026-03-31T23:00:00Z', '2026-03-01T00:00Z'],
    ['P1M', 'UTC', '2026-04-01T00:00:00Z', '2026-03-01T00:00Z'],
    // A day of 23 hours against one of 24, and the other way round.
    ['P1D', 'Europe/Berlin', '2024-03-31T01:30:00Z', '2024-03-30T01:30Z'],
    ['P1D', 'Europe/Berlin', '2024-04-01T20:59:00Z', '2024-03-31T21:59Z'],
    ['P1D', 'Europe/Berlin', '2024-04-01T21:30:00Z', '2024-03-31T22:00Z'],
    ['P7D', 'Europe/Berlin', '2024-04-07T20:30:00Z', '2024-03-31T21:30Z'],
    ['P7D', 'Europe/Berlin', '2024-04-07T21:30:00Z', '2024-03-31T22:00Z'],
    ['P7D', 'Europe/Berlin', '2024-04-07T22:00:00Z', '2024-03-31T22:00Z'],
    // The last hour of a day of 25 hours waits at the end of the day of 24 hours.
    ['P1D', 'Europe/Berlin', '2024-10-27T21:59:00Z', '2024-10-26T21:59Z'],
    ['P1D', 'Europe/Berlin', '2024-10-27T22:30:00Z', '2024-10-26T22:00Z'],
    ['P1D', 'Europe/Berlin', '2024-10-27T23:30:00Z', '2024-10-26T22:30Z'],
    // A skipped date begins where the next one does, and lasts no time.
    ['P1D', 'Pacific/Apia', '2011-12-31T12:00:00Z', '2011-12-30T12:00Z'],
    ['P1D', 'Pacific/Apia', '2011-12-30T12:00:00Z', '2011-12-30T10:00Z'],
    // While the clock says the day before again, the start waits.
    ['P1D', 'America/St_Johns', '2009-11-01T02:30:30Z', '2009-10-31T02:30:30.000Z'],
    ['P1D', 'America/St_Johns', '2009-11-01T02:31:00Z', '2009-10-31T02:30:59.999Z'],
    ['P1D', 'America/St_Johns', '2009-11-01T03:29:59.999Z', '2009-10-31T02:30:59.999Z'],
    ['P1D', 'America/St_Johns', '2009-11-01T03:30:00Z', '2009-10-31T03:30Z'],
  ])('of %s in %s that ends before %s is %s', (name, zone, end, start) => {
    expect(startFor(name, zone, end)).toBe(start);
  });
});

describe('an instant leaves a window', () => {
  it.each([
    ['P1M', 'UTC', '2026-02-15T12:00:00Z', '2026-03-15T12:00:00.000Z'],
    ['P1M', 'UTC', '2026-02-28T23:59:59.998Z', '2026-03-28T23:59:59.998Z'],
    // The start comes to stand at 1 March with the first instant of the 29th.
    ['P1M', 'UTC', '2026-02-28T23:59:59.999Z', '2026-03-28T23:59:59.999Z'],
    ['P1M', 'UTC', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00.000Z'],
    ['P1M', 'UTC', '2026-01-31T12:00:00Z', '2026-02-28T23:59:59.999Z'],
    ['P1D', 'Europe/Berlin', '2024-10-26T21:59:59.999Z', '2024-10-27T21:59:59.999Z'],
    ['P1D', 'Europe/Berlin', '2024-10-26T22:00:00Z', '2024-10-27T23:00:00.000Z'],
    ['P1D', 'Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-30T09:59:59.999Z'],
    ['P1D', 'America/St_Johns', '2009-10-31T02:30:59.998Z', '2009-11-01T02:30:59.998Z'],
    ['P1D', 'America/St_Johns', '2009-10-31T02:30:59.999Z', '2009-11-01T03:29:59.999Z'],
    ['P1D', 'America/St_Johns', '2009-10-31T03:00:00Z', '2009-11-01T03:29:59.999Z'],
    ['P1D', 'America/St_Johns', '2009-10-31T05:00:00Z', '2009-11-01T05:00:00.000Z'],
  ])('of %s in %s: what happened at %s with the as-of %s', (name, zone, at, asOf) => {
    expect(leavesAt(name, zone, at)).toBe(asOf);
  });

  it('that has its name and its duration, also one of no length', () => {
    const zone = timeZone('UTC');
    expect(windowOf('P3M', zone).name).toBe('P3M');
    const none = makeWindow('P0D', { unit: 'day', count: 0 }, zone);
    expect([none.name, none.startFor(12_345)]).toEqual(['P0D', 12_345]);
  });
});

it.each(['P0D', 'P0M', '1M', 'P1H', ''])('"%s" is no window', (name) => {
  let thrown: unknown;
  try {
    windowOf(name, timeZone('UTC'));
  } catch (error) {
    thrown = error;
  }
  expect(isHoldfastError(thrown, 'config_invalid')).toBe(true);
  expect(String(thrown)).toContain(`window "${name}"; want PnD, PnW, PnM or PnY`);
});

describe('at every millisecond around month ends and clock changes', () => {
  const SPOTS = [
    ['UTC', '2026-03-01T00:00:00Z'],
    ['UTC', '2026-03-29T00:00:00Z'],
    ['UTC', '2024-03-01T00:00:00Z'],
    ['Europe/Berlin', '2024-03-31T01:00:00Z'],
    ['Europe/Berlin', '2024-10-27T22:00:00Z'],
    ['America/St_Johns', '2009-11-01T02:31:00Z'],
    ['America/St_Johns', '2009-11-01T03:30:00Z'],
    ['America/Sao_Paulo', '2018-02-18T02:00:00Z'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['Antarctica/Casey', '2010-03-04T16:00:00Z'],
    ['Australia/Lord_Howe', '2024-04-06T15:00:00Z'],
  ] as const;

  it.each(SPOTS)(
    'in %s about %s the start never runs back, and the next change is found',
    (zone, spot) => {
      for (const name of ['P1D', 'P7D', 'P1M', 'P12M']) {
        const window = windowOf(name, timeZone(zone));
        const middle = Date.parse(spot);
        let before = window.startFor(middle - 700);
        let [wrong, late] = [0, 0];
        for (let at = middle - 700; at < middle + 700; at += 1) {
          const start = window.startFor(at);
          if (start < before) wrong += 1;
          before = start;
          const asOf = window.leavesAt(at);
          if (window.startFor(asOf + 1) <= at || window.startFor(asOf) > at) late += 1;
        }
        expect({ name, wrong, late }).toEqual({ name, wrong: 0, late: 0 });
      }
    },
  );
});
