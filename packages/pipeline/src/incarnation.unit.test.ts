/** A log is known again by its first record, also one that had offsets before it had a record. */

import { describe, expect, it } from 'vitest';
import { isSameLog } from './incarnation.ts';

describe('an input log', () => {
  it('is the same with the same first record', () => {
    expect(isSameLog('c/3/abc', 'c/3/abc')).toBe(true);
  });

  it('is another one with another first record, or with none any more', () => {
    expect(isSameLog('c/3/abc', 'c/3/abd')).toBe(false);
    expect(isSameLog('c/3/abc', 'c/3/')).toBe(false);
  });

  it('that was empty is the same once it has its first record', () => {
    expect(isSameLog('c/3/', 'c/3/')).toBe(true);
    expect(isSameLog('c/3/', 'c/3/abc')).toBe(true);
  });

  it('that was empty is another one in another cluster or with other partitions', () => {
    expect(isSameLog('c/3/', 'd/3/abc')).toBe(false);
    expect(isSameLog('c/3/', 'c/30/abc')).toBe(false);
  });
});
