import { describe, expect, it } from 'vitest';
import { longestDays, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['P1D', 'day', 1],
    ['P90D', 'day', 90],
    ['P2W', 'day', 14],
    ['P12M', 'month', 12],
    ['P3Y', 'month', 36],
    ['P0D', 'day', 0],
    ['P99999D', 'day', 99_999],
  ])('%s is so many of a unit: %s %i', (text, unit, count) => {
    expect(parseDuration(text)).toEqual({ unit, count });
  });

  it.each(['', 'P', '1M', 'P1', 'PM', 'P1H', 'PT1H', 'P1Y2M', 'P-1D', 'P1.5D', 'p1d', 'P100000D'])(
    'is none in any other form: %s',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it.each(['xP1D', 'P1Dx', ' P1D', 'P1D\n'])('is the whole text: %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('of months is at most so many days, counting leap years', () => {
    expect(longestDays({ unit: 'day', count: 40 })).toBe(40);
    expect(longestDays({ unit: 'month', count: 12 })).toBe(366);
    expect(longestDays({ unit: 'month', count: 1 })).toBe(31);
    expect(longestDays({ unit: 'month', count: 3 })).toBe(92);
  });
});
