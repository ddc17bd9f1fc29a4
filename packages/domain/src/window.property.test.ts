/** The window's start and its inverse, searched for around month ends and clock changes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeZone } from './time-zone.ts';
import { windowOf } from './window.ts';

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Havana',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'Africa/Cairo',
];
const WINDOWS = ['P1D', 'P7D', 'P30D', 'P2W', 'P1M', 'P3M', 'P12M', 'P1Y'];
const HOUR = 3_600_000;

/** Instants with an hour of local midnight, month end or clock change close by. */
const hardInstant = fc
  .record({
    day: fc.integer({ min: 5_000, max: 25_000 }),
    ms: fc.oneof(fc.integer({ min: -2 * HOUR, max: 26 * HOUR }), fc.constantFrom(0, -1, 1, 60_000)),
  })
  .map(({ day, ms }) => day * 24 * HOUR + ms);

const anyWindow = fc
  .record({ zone: fc.constantFrom(...ZONES), window: fc.constantFrom(...WINDOWS) })
  .map(({ zone, window }) => ({ zone, window, it: windowOf(window, timeZone(zone)) }));

describe('a window', () => {
  it('starts no earlier when it ends later', () => {
    fc.assert(
      fc.property(anyWindow, hardInstant, fc.integer({ min: 0, max: 50 * HOUR }), (w, end, by) => {
        expect(w.it.startFor(end + by)).toBeGreaterThanOrEqual(w.it.startFor(end));
      }),
      { numRuns: 3000 },
    );
  });

  it('is left by an instant at the first as-of whose start lies beyond it, and not before', () => {
    fc.assert(
      fc.property(anyWindow, hardInstant, (w, at) => {
        const asOf = w.it.leavesAt(at);
        expect(w.it.startFor(asOf + 1)).toBeGreaterThan(at);
        expect(w.it.startFor(asOf)).toBeLessThanOrEqual(at);
      }),
      { numRuns: 3000 },
    );
  });
});
