import { expect, test } from 'vitest';
import { points } from './format.ts';
import { rowOf, SAMPLE } from './rows.fixture.ts';
import { type Waterfall, waterfallOf } from './waterfall.ts';

const shown = (waterfall: Waterfall | null): readonly string[] =>
  (waterfall?.bars ?? []).map(({ name, from, to }) => `${name} ${from} ${to}`);

test('losses come first, each bar stands where the one before ended', () => {
  expect(shown(waterfallOf(SAMPLE, 'point_to_point'))).toEqual([
    'Opening 0 1240000000',
    'Churn 1240000000 1178000000',
    'Contraction 1178000000 1147000000',
    'Expansion 1147000000 1333000000',
    'Closing 0 1333000000',
  ]);
});

test('the line of GRR stands after the losses, and only where the parts make it', () => {
  const kept = waterfallOf(SAMPLE, 'point_to_point')?.kept;
  expect((kept ?? 0) / 1_240_000_000).toBe(0.925);
  expect(waterfallOf(SAMPLE, 'no_returners')?.kept).toBe(kept);
  expect(waterfallOf(SAMPLE, 'path')?.kept).toBeNull();
});

test('parts under 5% of opening are shown as the change from 0, never on a cut axis', () => {
  const small = waterfallOf(rowOf(100_000, 4_999, 100, 2_000), 'point_to_point');
  expect(small?.mode).toBe('change');
  expect(shown(small)).toEqual([
    'Churn 0 -4999',
    'Contraction -4999 -5099',
    'Expansion -5099 -3099',
    'Change 0 -3099',
  ]);
  expect(waterfallOf(rowOf(100_000, 5_000, 100, 2_000), 'point_to_point')?.mode).toBe('whole');
});

test('what rounding leaves between the parts and the total is named', () => {
  expect(waterfallOf(SAMPLE, 'point_to_point')?.rounding).toBeNull();
  const row = rowOf(100_000, 6_040, 1_040, 2_040);
  // −6.0pt −1.0pt +2.0pt are −5.0pt; the change is −5.04, −5.0pt.
  expect(waterfallOf(row, 'point_to_point')?.rounding).toBeNull();
  const gap = rowOf(100_000, 6_040, 1_040, 0);
  // −6.0pt −1.0pt are −7.0pt; the change is −7.08, −7.1pt.
  expect(points(-0.0708)).toBe('−7.1pt');
  expect(waterfallOf(gap, 'point_to_point')?.rounding).toBe('rounding −0.1pt');
});

test('nothing open makes no waterfall', () => {
  expect(waterfallOf(rowOf(0, 0, 0, 0), 'point_to_point')).toBeNull();
});
