import { describe, expect, it } from 'vitest';
import type { Line } from './customer.ts';
import { arrOf, sameLines, sumLines } from './lines.ts';
import { minorUnits } from './scalars.ts';

const line = (productId: string, arr: number, quantity = 1): Line => ({
  productId,
  arrMinor: minorUnits(arr),
  quantity,
});

describe('lines of products', () => {
  it('are added up product by product and stand in product order', () => {
    const lines = [line('b', 10, 2), line('a', 5, 1), line('b', 7, 3)];
    expect(sumLines(lines)).toEqual([line('a', 5, 1), line('b', 17, 5)]);
    expect(sumLines([line('b', 1), line('a', 2)])).toEqual([line('a', 2), line('b', 1)]);
    expect(sumLines([line('a', 1), line('b', 2)])).toEqual([line('a', 1), line('b', 2)]);
  });

  it('of hostile names stay apart', () => {
    const lines = [line('__proto__', 1), line('constructor', 2), line('__proto__', 4)];
    expect(sumLines(lines)).toEqual([line('__proto__', 5, 2), line('constructor', 2)]);
  });

  it('are themselves where there is nothing to add', () => {
    expect(sumLines([])).toEqual([]);
    expect(sumLines([line('a', 3, 2)])).toEqual([line('a', 3, 2)]);
  });

  it('are the same if product, ARR and quantity of each are', () => {
    const two = [line('a', 1, 1), line('b', 2, 2)];
    expect(sameLines(two, [line('a', 1, 1), line('b', 2, 2)])).toBe(true);
    expect(sameLines([], [])).toBe(true);
    expect(sameLines(two, [line('a', 1, 1)])).toBe(false);
    expect(sameLines([line('a', 1, 1)], two)).toBe(false);
    expect(sameLines(two, [line('a', 1, 1), line('c', 2, 2)])).toBe(false);
    expect(sameLines(two, [line('a', 1, 1), line('b', 3, 2)])).toBe(false);
    expect(sameLines(two, [line('a', 1, 1), line('b', 2, 3)])).toBe(false);
    expect(sameLines(two, [line('a', 1, 2), line('b', 2, 2)])).toBe(false);
  });

  it('are worth their sum', () => {
    expect(arrOf([])).toBe(0);
    expect(arrOf([line('a', 3, 9), line('b', 4, 9)])).toBe(7);
  });
});
