/** A customer's ARR over time as the corners of a line of steps. */

import type { Step } from './answers.ts';

export interface ArrPoint {
  /** UTC ms. */
  readonly at: number;
  readonly arr: number;
}

/** From before the first step to `until`; empty without steps. */
export function arrPoints(steps: readonly Step[], until: number): readonly ArrPoint[] {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    { at: Date.parse(first.effective_at), arr: first.arr_before_minor },
    ...steps.map((step) => ({ at: Date.parse(step.effective_at), arr: step.arr_after_minor })),
    { at: Math.max(until, Date.parse(last.effective_at)), arr: last.arr_after_minor },
  ];
}
