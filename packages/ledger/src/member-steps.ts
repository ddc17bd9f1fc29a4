/**
 * A customer's members as sums. A member is a number, so that the members of a customer are a step
 * function of time; where what is known changes it, the difference is kept as steps of its own, each
 * with the instant it became known at. The member at t as known at k is then the sum of the steps
 * with effective_at <= t and known_at <= k, just as ARR is, and one grouping gives both.
 */

import { inForceOf } from './movement-rows.ts';

/** One classification, asserted or retracted. */
export interface Told {
  readonly effectiveAt: number;
  readonly knownAt: number;
  readonly op: 'assert' | 'retract';
  /** The member's number by dimension. */
  readonly codes: readonly number[];
}

export interface MemberStep {
  readonly effectiveAt: number;
  readonly knownAt: number;
  /** What the numbers change by. */
  readonly codes: readonly number[];
}

export interface CustomerStep extends MemberStep {
  readonly customer: number;
}

/** Before any instant: the first classification in force also holds before its own. */
export const ALWAYS = -9_000_000_000_000_000;

type Jumps = ReadonlyMap<number, readonly number[]>;

const minus = (codes: readonly number[], others: readonly number[] | undefined) =>
  codes.map((code, index) => code - (others?.[index] ?? 0));

/** What the members change by at each instant. */
const jumpsOf = (told: readonly Told[]): Jumps => {
  const { inForce } = inForceOf(told);
  return new Map(
    inForce.map(({ effectiveAt, codes }, index) => [
      index === 0 ? ALWAYS : effectiveAt,
      minus(codes, inForce[index - 1]?.codes),
    ]),
  );
};

const difference = (before: Jumps, now: Jumps, knownAt: number): readonly MemberStep[] =>
  [...new Set([...before.keys(), ...now.keys()])]
    .map((effectiveAt) => {
      const [old = [], young = []] = [before.get(effectiveAt), now.get(effectiveAt)];
      const codes =
        young.length > 0
          ? minus(young, old)
          : minus(
              old.map(() => 0),
              old,
            );
      return { effectiveAt, knownAt, codes };
    })
    .filter(({ codes }) => codes.some((code) => code !== 0));

/**
 * The steps that `added` make after `held`, both of one customer in the order of their sequence.
 * Null: one of them was known before one that is held, so that all its steps are to be made anew.
 */
export function memberSteps(
  held: readonly Told[],
  added: readonly Told[],
): readonly MemberStep[] | null {
  const newest = Math.max(...held.map(({ knownAt }) => knownAt));
  const instants = [...new Set(added.map(({ knownAt }) => knownAt))].sort((a, b) => a - b);
  if ((instants[0] as number) < newest) return null;
  const steps: MemberStep[] = [];
  let before = jumpsOf(held);
  for (const knownAt of instants) {
    const now = jumpsOf([...held, ...added.filter((told) => told.knownAt <= knownAt)]);
    steps.push(...difference(before, now, knownAt));
    before = now;
  }
  return steps;
}
