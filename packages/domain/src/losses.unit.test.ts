import { describe, expect, it } from 'vitest';
import type { Contribution } from './contribution.ts';
import { losses } from './losses.ts';
import { DEFAULT_POLICY } from './policy.ts';
import { compileRules } from './rules.ts';

const rules = compileRules({ ...DEFAULT_POLICY, windows: ['P1M', 'P3M'] });

/** Opening ARR by window, null outside of the cohort; the same closing ARR. */
const contribution = (arr: number, ...openings: readonly (number | null)[]): Contribution => ({
  windows: openings.map((opening) =>
    opening === null ? null : { opening, closing: arr, members: [] },
  ),
  arr,
  members: [],
});

describe('losses', () => {
  it('are what a customer has less than just before the window, in whichever windows it does', () => {
    const kept = losses(rules);
    kept.replace('new', null, contribution(10, null, null));
    kept.replace('grows', contribution(10, 10, 5), contribution(20, 10, 5));
    kept.replace('shrinks', contribution(10, 10, 4), contribution(6, 10, 4));
    kept.replace('churns', null, contribution(0, 7, 9));
    expect(kept.takeChanged()).toEqual([
      { window: 'P1M', customerId: 'shrinks', before: 0, after: 4 },
      { window: 'P1M', customerId: 'churns', before: 0, after: 7 },
      { window: 'P3M', customerId: 'churns', before: 0, after: 9 },
    ]);
    expect(kept.takeChanged()).toEqual([]);
  });

  it('that change twice are one change, and none where they are as before in the end', () => {
    const kept = losses(rules);
    kept.replace('a', contribution(6, 10, 10), contribution(5, 10, 10));
    kept.replace('a', contribution(5, 10, 10), contribution(0, 10, null));
    kept.replace('b', contribution(10, 10, 10), contribution(5, 10, 10));
    kept.replace('b', contribution(5, 10, 10), contribution(11, 10, 10));
    expect(kept.takeChanged()).toEqual([
      { window: 'P1M', customerId: 'a', before: 4, after: 10 },
      { window: 'P3M', customerId: 'a', before: 4, after: 0 },
    ]);
  });
});
