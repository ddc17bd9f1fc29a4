import { instant } from '@holdfast/domain/scalars.ts';
import { describe, expect, it } from 'vitest';
import { agenda } from './agenda.ts';
import { nextPeriod } from './calendar.ts';
import { seeded } from './random.ts';

const day = (text: string): number => Date.parse(text) / 86_400_000;
const at = (text: string) => instant(Date.parse(text));

describe('chance', () => {
  it('is spread evenly and hits what its parameters say', () => {
    const random = seeded(7);
    const draws = Array.from({ length: 20_000 }, () => random.fraction());
    expect(draws.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(draws.reduce((sum, value) => sum + value, 0) / draws.length).toBeCloseTo(0.5, 1);
    const waits = Array.from({ length: 20_000 }, () => random.wait(4));
    expect(waits.reduce((sum, value) => sum + value, 0) / waits.length).toBeCloseTo(0.25, 1);
    const sizes = Array.from({ length: 20_001 }, () => random.around(50, 0.5)).toSorted(
      (a, b) => a - b,
    );
    expect(Math.abs((sizes[10_000] ?? 0) - 50)).toBeLessThan(2);
    const picks = Array.from({ length: 20_000 }, () => random.weighted({ a: 3, b: 1, c: 0 }));
    expect(picks.filter((pick) => pick === 'a').length / picks.length).toBeCloseTo(0.75, 1);
    expect(picks).not.toContain('c');
  });
});

describe('the agenda', () => {
  it('gives the earliest first, and of one instant what was planned first', () => {
    const random = seeded(3);
    const plan = agenda<number>();
    const instants = Array.from({ length: 500 }, () => random.between(0, 50));
    for (const [index, value] of instants.entries()) plan.plan(instant(value), index);
    const expected = instants
      .map((value, index) => [value, index] as const)
      .toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
      .map(([, index]) => index);
    expect(instants.map(() => plan.next()?.task)).toEqual(expected);
    expect(plan.next()).toBeUndefined();
  });
});

describe('the next period', () => {
  it.each([
    ['2024-01-15', 1, '2024-01-15T10:00Z', '2024-02-15'],
    ['2024-01-15', 1, '2024-02-14T23:59Z', '2024-02-15'],
    ['2024-01-15', 1, '2024-02-15T00:00Z', '2024-03-15'],
    ['2024-01-31', 1, '2024-02-10T00:00Z', '2024-03-01'],
    ['2024-02-29', 12, '2024-06-01T00:00Z', '2025-03-01'],
    ['2024-01-15', 36, '2029-01-01T00:00Z', '2030-01-15'],
    ['2024-03-01', 12, '2024-01-01T00:00Z', '2024-03-01'],
  ])('counted from %s by %i months after %s begins on %s', (anchor, months, now, start) => {
    expect(nextPeriod(day(anchor), months, at(now))).toBe(at(start));
  });
});
