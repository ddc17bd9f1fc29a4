import { expect, test } from 'vitest';
import { age, DASH, moneyIn, percent, points, windowWords } from './format.ts';

const usd = moneyIn('USD');

test('percent has one decimal, and a dash where nothing was open', () => {
  expect(percent(1.0749)).toBe('107.5%');
  expect(percent(0)).toBe('0.0%');
  expect(percent(null)).toBe(DASH);
});

test('points carry + on gains, U+2212 on losses, no sign on what rounds to nothing', () => {
  expect(points(0.0081)).toBe('+0.8pt');
  expect(points(-0.0042)).toBe('−0.4pt');
  expect(points(-0.0004)).toBe('0.0pt');
  expect(points(null)).toBe(DASH);
});

test('money is short on cards, whole in tables, exact on hover', () => {
  expect(usd.compact(1_587_012_345)).toBe('$15.9M');
  expect(usd.compact(99_900)).toBe('$999');
  expect(usd.whole(1_587_012_345)).toBe('$15,870,123');
  expect(usd.exact(1_587_012_345)).toBe('$15,870,123.45');
  expect(usd.signed(-62_000_000)).toBe('−$620,000');
  expect(usd.signed(480_000)).toBe('+$4,800');
  expect(usd.signed(0)).toBe('$0');
});

test('parts of one whole are written in its unit', () => {
  expect(usd.scaled(1_240_000_000, 1_240_000_000)).toBe('$12.40M');
  expect(usd.signedScaled(-31_000_000, 1_240_000_000)).toBe('−$0.31M');
  expect(usd.signedScaled(186_000_000, 1_240_000_000)).toBe('+$1.86M');
  expect(usd.scaled(12_345, 12_345)).toBe('$123');
});

test('no float stands between minor units and what is shown', () => {
  expect(usd.exact(Number.MAX_SAFE_INTEGER)).toBe('$90,071,992,547,409.91');
});

test('decimals are the currency’s own', () => {
  expect(moneyIn('JPY').exact(1_234)).toBe('¥1,234');
  expect(moneyIn('KWD').exact(1_234)).toMatch(/1\.234$/);
});

test('an age is as coarse as it is great', () => {
  expect([0.42, 12.9, 60, 3_700, 90_000, 180_000].map(age)).toEqual([
    '0.4s',
    '12s',
    '1 min',
    '1 h',
    '1 day',
    '2 days',
  ]);
});

test('a window is said in words', () => {
  expect(['P12M', 'P1M', 'P90D'].map(windowWords)).toEqual(['12 months', '1 month', '90 days']);
});
