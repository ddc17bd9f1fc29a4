/** The least ARR of a customer inside a span: what tells those who fell from those who did not. */

import type { Steps } from '../customer.ts';
import { arrAt } from '../steps.ts';
import type { Span } from './definition.ts';

export function lowestWithin(steps: Steps, { start, end }: Span): number {
  let lowest = arrAt(steps, start);
  for (let index = 0; index < steps.at.length; index += 1) {
    const at = steps.at[index] as number;
    if (at >= end) break;
    if (at > start) lowest = Math.min(lowest, steps.arr[index] as number);
  }
  return lowest;
}
