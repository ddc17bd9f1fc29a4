import { describe, expect, it } from 'vitest';
import { day, liveRules } from './fold-fixtures.ts';
import { edgeOf, keptFrom, keptOf } from './horizon.ts';
import { at, testRules } from './report-fixtures.ts';

const known = at('2025-06-15T12:00:00Z');

describe('the horizon of a customer', () => {
  it('lies lateness before the start of the longest window that ends when it was last known', () => {
    const edge = (windows: readonly string[], lateness: string): string =>
      day(edgeOf(liveRules({ windows, lateness }), known));
    expect(edge(['P1M'], 'P10D')).toBe('2025-05-05T12:00:00.001Z');
    expect(edge(['P1M', 'P12M', 'P3M'], 'P10D')).toBe('2024-06-05T12:00:00.001Z');
    expect(edge(['P12M'], 'P1Y')).toBe('2023-06-15T12:00:00.001Z');
    expect(edge(['P30D'], 'P0D')).toBe('2025-05-16T12:00:00.001Z');
  });

  it('keeps two days more than it applies late records to', () => {
    const rules = liveRules({ windows: ['P12M'], lateness: 'P10D' });
    expect(day(keptFrom(rules, known))).toBe('2024-06-03T12:00:00.001Z');
  });

  it.each([
    ['P12M', 'P10D'],
    ['P1D', 'P0D'],
  ])('is not before what is kept, nor before the instant (%s, %s)', (window, lateness) => {
    const rules = liveRules({ windows: [window], lateness });
    const kept = keptFrom(rules, known);
    for (let hours = -72; hours <= 1; hours += 1) {
      for (const beside of [-1, 0, 1]) {
        const instant = known + hours * 3_600_000 + beside;
        expect(keptOf(rules, known, instant)).toBe(Math.max(kept, instant));
      }
    }
    expect(keptOf(rules, known, kept - 1)).toBe(kept);
  });

  it('goes by the calendar of the time zone', () => {
    const zone = { timeZone: 'Europe/Berlin', windows: ['P1M'], lateness: 'P1D' };
    expect(day(edgeOf(liveRules(zone), at('2024-04-28T12:00:00Z') - 1))).toBe(
      '2024-03-27T13:00:00.000Z',
    );
  });

  it('is nowhere where everything is kept', () => {
    expect(edgeOf(testRules(), known)).toBe(Number.NEGATIVE_INFINITY);
    expect(keptFrom(testRules(), known)).toBe(Number.NEGATIVE_INFINITY);
  });
});
