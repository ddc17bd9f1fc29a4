/**
 * How far back what was taken in reaches: an answer stays as it is while nothing comes that takes
 * effect by its as-of and was known by its known-at. What comes live leaves answers about the past
 * alone.
 */

import { ALWAYS } from './member-steps.ts';

/** The earliest of some deltas, UTC milliseconds. */
export interface Reach {
  readonly effectiveAt: number;
  readonly knownAt: number;
}

export interface Reaches {
  /** `sequences`: the next of each partition after those deltas. */
  add(reach: Reach, sequences: readonly number[]): void;
  /** The sequences after the last deltas that reach back to there; a null known-at: whatever was known. */
  last(asOf: number, knownAt: number | null): readonly number[];
}

const MOST = 512;

interface Kept extends Reach {
  readonly sequences: readonly number[];
}

const both = (older: Kept, newer: Kept): Kept => ({
  effectiveAt: Math.min(older.effectiveAt, newer.effectiveAt),
  knownAt: Math.min(older.knownAt, newer.knownAt),
  sequences: newer.sequences,
});

/** `sequences`: of what is held at the beginning. */
export function reaches(sequences: readonly number[]): Reaches {
  const all: Kept = { effectiveAt: ALWAYS, knownAt: ALWAYS, sequences };
  /** The oldest first. */
  let kept: readonly Kept[] = [];
  /** Neighbours of the older half become one, so that an answer is seldom thought changed. */
  const thin = (): void => {
    const half = kept.slice(0, MOST / 2);
    const pairs = half.flatMap((one, index) =>
      index % 2 === 0 ? [both(one, half[index + 1] as Kept)] : [],
    );
    kept = [...pairs, ...kept.slice(MOST / 2)];
  };
  return {
    add: (reach, after) => {
      const further = kept.filter(
        (one) => one.effectiveAt < reach.effectiveAt || one.knownAt < reach.knownAt,
      );
      kept = [...further, { ...reach, sequences: after }];
      if (kept.length > MOST) thin();
    },
    last: (asOf, knownAt) => {
      const known = knownAt ?? Number.POSITIVE_INFINITY;
      const found = kept.findLast((one) => one.effectiveAt <= asOf && one.knownAt <= known);
      return (found ?? all).sequences;
    },
  };
}
