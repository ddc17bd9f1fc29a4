import { describe, expect, it } from 'vitest';
import { nearestRatio } from './nearest-ratio.ts';

describe('the number nearest to a ratio', () => {
  it('rounds by what the division leaves over', () => {
    // Half way between 1 and the next number, and just above.
    const half = 2n ** 53n;
    expect(nearestRatio(half + 1n, half)).toBe(1);
    expect(nearestRatio((half + 1n) * 10n ** 60n + 1n, half * 10n ** 60n)).toBe(1 + 2 ** -52);
  });

  it('is 0 for nothing', () => {
    expect(nearestRatio(0n, 7n)).toBe(0);
  });
});
