import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestRatio } from './nearest-ratio.ts';

const money = fc.bigInt({ min: 1n, max: BigInt(Number.MAX_SAFE_INTEGER) });

describe('the number nearest to a ratio', () => {
  it('is the quotient where both are safe integers', () => {
    fc.assert(
      fc.property(money, money, (part, whole) => {
        expect(nearestRatio(part, whole)).toBe(Number(part) / Number(whole));
      }),
    );
  });

  it('is what its decimal digits read as, however many amounts were multiplied', () => {
    const product = fc
      .array(money, { minLength: 1, maxLength: 6 })
      .map((amounts) => amounts.reduce((all, one) => all * one, 1n));
    fc.assert(
      fc.property(product, product, (part, whole) => {
        expect(nearestRatio(part, whole)).toBe(Number(`${(part * 10n ** 400n) / whole}e-400`));
      }),
    );
  });
});
