/** Exact money of the reference, with answers found by hand. */

import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { Item } from '@holdfast/domain/records.ts';
import { expect, test } from 'vitest';
import { itemArr } from './annualise.ts';
import { fraction, minor, roundHalfEven, toNumber } from './fraction.ts';

const item = (fields: Partial<Item>): Item => ({
  productId: 'core',
  quantity: 1,
  amountMinor: 100,
  currency: 'USD',
  interval: 'year',
  intervalCount: 1,
  billing: 'recurring',
  ...fields,
});

const policy: Policy = {
  ...DEFAULT_POLICY,
  rates: { JPY: '0.0066', KWD: '3.25', CLF: '0.5', IQD: '0.0007', EUR: '1.10' },
};

test('halves go to the even side, on both sides of 0', () => {
  const halves = [-5n, -3n, -1n, 1n, 3n, 5n].map((n) => roundHalfEven(fraction(n, 2n)));
  expect(halves).toEqual([-2n, -2n, 0n, 0n, 2n, 2n]);
  expect(roundHalfEven(fraction(-7n, 3n))).toBe(-2n);
  expect(roundHalfEven(fraction(8n, -3n))).toBe(-3n);
});

test('currencies of 0, 3 and 4 decimals become cents, rounded once', () => {
  // 15,000 yen a month: 15000 x 12 x 0.0066 = $1,188.00
  expect(itemArr(item({ amountMinor: 15_000, currency: 'JPY', interval: 'month' }), policy)).toBe(
    118_800n,
  );
  // 1.234 dinars a year: 4.0105 dollars
  expect(itemArr(item({ amountMinor: 1_234, currency: 'KWD' }), policy)).toBe(401n);
  // 1.0000 x 0.5 = 50 cents
  expect(itemArr(item({ amountMinor: 10_000, currency: 'CLF' }), policy)).toBe(50n);
  // 1,000.000 dinars x 0.0007 = 70 cents
  expect(itemArr(item({ amountMinor: 1_000_000, currency: 'IQD' }), policy)).toBe(70n);
});

test('the fraction is rounded once, not after each step', () => {
  // 5 cents for 2 years at 1.10: 2.75; rounding first gives 2 x 1.1 = 2.2.
  expect(itemArr(item({ amountMinor: 5, currency: 'EUR', intervalCount: 2 }), policy)).toBe(3n);
});

test('a sum beyond safe integers is an error', () => {
  expect(minor(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => minor(2n ** 53n)).toThrow(RangeError);
});

test('a ratio of large parts keeps its digits', () => {
  expect(toNumber(fraction(2n * 10n ** 30n, 3n * 10n ** 30n))).toBeCloseTo(2 / 3, 15);
  expect(toNumber(fraction(1n, 4n))).toBe(0.25);
});
