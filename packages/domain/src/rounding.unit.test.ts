import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfEven, divideSafeHalfEven, scaleHalfEven } from './rounding.ts';

/** Numerator, denominator, quotient. */
const EXAMPLES = [
  [0, 3, 0],
  [1, 3, 0],
  [2, 3, 1],
  [6, 3, 2],
  [1, 2, 0],
  [3, 2, 2],
  [5, 2, 2],
  [7, 2, 4],
  [-1, 2, 0],
  [-3, 2, -2],
  [-5, 2, -2],
  [-7, 2, -4],
  [-1, 3, 0],
  [-2, 3, -1],
  [-4, 3, -1],
  [-5, 3, -2],
  [-6, 3, -2],
  [120_000, 7, 17_143],
] as const;

describe('division rounded once, half to even', () => {
  it.each(EXAMPLES)('%i / %i is %i', (numerator, denominator, quotient) => {
    expect(divideHalfEven(BigInt(numerator), BigInt(denominator))).toBe(BigInt(quotient));
    // 0 is 0 here whatever its sign.
    expect(divideSafeHalfEven(numerator, denominator) + 0).toBe(quotient);
  });

  it('is the same with and without big integers', () => {
    const safe = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
    fc.assert(
      fc.property(safe, fc.integer({ min: 1, max: 2 ** 31 }), (numerator, denominator) => {
        const exact = Number(divideHalfEven(BigInt(numerator), BigInt(denominator)));
        expect(divideSafeHalfEven(numerator, denominator) + 0).toBe(exact + 0);
      }),
    );
  });

  it('misses the exact quotient by half at most, and goes to the even one there', () => {
    const any = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(any, fc.bigInt({ min: 1n, max: 50n }), (numerator, denominator) => {
        const quotient = divideHalfEven(numerator, denominator);
        const twice = 2n * (numerator - quotient * denominator);
        expect(twice <= denominator && -twice <= denominator).toBe(true);
        if (twice === denominator || -twice === denominator) expect(quotient % 2n).toBe(0n);
      }),
    );
  });
});

describe('scaling', () => {
  it('multiplies before it divides', () => {
    expect(scaleHalfEven(120, 5, 10)).toBe(60);
    expect(scaleHalfEven(25, -1, 10)).toBe(-2);
    expect(scaleHalfEven(35, 1, 10)).toBe(4);
  });

  it('is exact where the product is beyond safe integers', () => {
    expect(scaleHalfEven(9_007_199_254_740_991, 999_999_999_999, 1_000_000_000_000)).toBe(
      9_007_199_254_731_984,
    );
    expect(scaleHalfEven(9_007_199_254_740_991, 3, 3)).toBe(9_007_199_254_740_991);
  });
});
