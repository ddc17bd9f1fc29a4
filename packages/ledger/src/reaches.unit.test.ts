import { describe, expect, it } from 'vitest';
import { reaches } from './reaches.ts';

describe('how far back deltas reach', () => {
  it('leaves what lies before them alone', () => {
    const told = reaches([0]);
    told.add({ effectiveAt: 100, knownAt: 100 }, [1]);
    told.add({ effectiveAt: 50, knownAt: 200 }, [2]);
    told.add({ effectiveAt: 300, knownAt: 300 }, [3]);
    expect(told.last(49, null)).toEqual([0]);
    expect(told.last(50, null)).toEqual([2]);
    expect(told.last(150, 150)).toEqual([1]);
    expect(told.last(299, null)).toEqual([2]);
    expect(told.last(300, null)).toEqual([3]);
    expect(told.last(300, 299)).toEqual([2]);
  });

  it('never misses one that does, however many came', () => {
    const told = reaches([0]);
    for (let at = 1; at <= 5_000; at += 1) told.add({ effectiveAt: at, knownAt: at }, [at]);
    expect(told.last(0, null)).toEqual([0]);
    expect(told.last(5_000, null)).toEqual([5_000]);
    for (let at = 1; at <= 5_000; at += 1) {
      expect(told.last(at, null)[0]).toBeGreaterThanOrEqual(at);
    }
  });
});
