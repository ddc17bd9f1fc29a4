import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilDate, DAY_MS, dayNumber, shiftDate } from './civil-date.ts';
import { parseDuration } from './duration.ts';

const number = (date: string): number => Date.parse(date) / DAY_MS;
const text = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

describe('a date as a count of days', () => {
  it.each(['1970-01-01', '1969-12-31', '2000-02-29', '2000-03-01', '1900-02-28', '1900-03-01'])(
    '%s is what JavaScript counts, and back',
    (date) => {
      const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
      expect(dayNumber(year, month, day)).toBe(number(date));
      expect(civilDate(number(date))).toEqual({ year, month, day });
    },
  );

  it('agrees with JavaScript on every day from the year 1 to 9999', () => {
    const days = fc.integer({ min: -719_162, max: 2_932_896 });
    fc.assert(
      fc.property(days, (day) => {
        const date = new Date(day * DAY_MS);
        const civil = civilDate(day);
        expect(civil).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        });
        expect(dayNumber(civil.year, civil.month, civil.day)).toBe(day);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees on every day about the turn of 400 years, and before the year 1', () => {
    for (const from of [number('1999-11-01'), number('1899-12-01'), number('-000401-12-01')]) {
      for (let day = from; day < from + 500; day += 1) {
        const { year, month, day: date } = civilDate(day);
        expect(dayNumber(year, month, date)).toBe(day);
        expect(Date.UTC(2000, month - 1, date)).toBe(
          new Date(day * DAY_MS).setUTCFullYear(2000) - 0,
        );
      }
    }
  });
});

describe('a date moved by a duration', () => {
  const moved = (date: string, by: string, times: number): string => {
    const duration = parseDuration(by);
    if (duration === undefined) throw new Error(by);
    const { day, replaced } = shiftDate(number(date), duration, times);
    return `${text(day)}${replaced ? ' replaced' : ''}`;
  };

  it.each([
    ['2026-03-15', 'P30D', -1, '2026-02-13'],
    ['2026-03-15', 'P30D', 2, '2026-05-14'],
    ['2026-03-15', 'P2W', -1, '2026-03-01'],
    ['2026-03-15', 'P1M', -1, '2026-02-15'],
    ['2026-01-15', 'P1M', -1, '2025-12-15'],
    ['2026-12-15', 'P1M', 1, '2027-01-15'],
    ['2026-11-30', 'P1M', 1, '2026-12-30'],
    ['2026-01-31', 'P12M', -1, '2025-01-31'],
    ['2026-05-31', 'P3Y', -1, '2023-05-31'],
    ['2026-01-15', 'P1M', 25, '2028-02-15'],
    ['2026-03-28', 'P1M', -1, '2026-02-28'],
    ['2026-03-29', 'P1M', -1, '2026-03-01 replaced'],
    ['2026-03-31', 'P1M', -1, '2026-03-01 replaced'],
    ['2024-03-29', 'P1M', -1, '2024-02-29'],
    ['2024-02-29', 'P1Y', -1, '2023-03-01 replaced'],
    ['2024-02-29', 'P4Y', 1, '2028-02-29'],
    ['2026-05-31', 'P1M', -1, '2026-05-01 replaced'],
    ['2026-01-31', 'P1M', -1, '2025-12-31'],
    ['2025-12-31', 'P1M', -1, '2025-12-01 replaced'],
  ])('%s by %s x %i is %s', (date, by, times, expected) => {
    expect(moved(date, by, times)).toBe(expected);
  });
});
