/**
 * ARR of a customer as a step function of time: the sum over its subscriptions.
 */

import { indexAt } from './chain.ts';
import type { Customer, Line, Phase, Steps, SubscriptionTimeline } from './customer.ts';
import { HoldfastError } from './errors.ts';
import { arrOf, sumLines } from './lines.ts';
import type { CustomerId } from './scalars.ts';

const NO_STEPS: Steps = { at: [], arr: [] };

/** The steps of a customer's subscriptions together. Throws `arr_overflow`. */
export function stepsOf(id: CustomerId, subscriptions: readonly SubscriptionTimeline[]): Steps {
  if (subscriptions.length === 0) return NO_STEPS;
  const steps =
    subscriptions.length === 1
      ? stepsOfOne(subscriptions[0] as SubscriptionTimeline)
      : merge(subscriptions);
  for (const arr of steps.arr) {
    if (!Number.isSafeInteger(arr)) throw new HoldfastError('arr_overflow', `customer ${id}`);
  }
  return steps;
}

function stepsOfOne({ chain }: SubscriptionTimeline): Steps {
  const at: number[] = [];
  const arr: number[] = [];
  let before = 0;
  for (const phase of chain) {
    const value = arrOf(phase.value);
    if (value === before) continue;
    at.push(phase.from);
    arr.push(value);
    before = value;
  }
  return { at, arr };
}

function merge(subscriptions: readonly SubscriptionTimeline[]): Steps {
  const changes: { readonly at: number; readonly by: number }[] = [];
  for (const { chain } of subscriptions) {
    let before = 0;
    for (const phase of chain) {
      const value = arrOf(phase.value);
      if (value !== before) changes.push({ at: phase.from, by: value - before });
      before = value;
    }
  }
  changes.sort((a, b) => a.at - b.at);
  const at: number[] = [];
  const arr: number[] = [];
  let sum = 0;
  for (let index = 0; index < changes.length; ) {
    const instant = (changes[index] as { at: number }).at;
    let by = 0;
    for (; index < changes.length && changes[index]?.at === instant; index += 1) {
      by += (changes[index] as { by: number }).by;
    }
    if (by === 0) continue;
    sum += by;
    at.push(instant);
    arr.push(sum);
  }
  return { at, arr };
}

/** ARR at an instant; "just before t" is the ARR at t - 1, instants being whole milliseconds. */
export function arrAt({ at, arr }: Steps, instant: number): number {
  let index = at.length - 1;
  while (index >= 0 && (at[index] as number) > instant) index -= 1;
  return index < 0 ? 0 : (arr[index] as number);
}

/** What the customer's counted items are at an instant, product by product. */
export function linesAt(customer: Customer, at: number): readonly Line[] {
  const lines: Line[] = [];
  for (const { chain } of customer.subscriptions) {
    const index = indexAt(chain, at);
    if (index >= 0) lines.push(...(chain[index] as Phase<readonly Line[]>).value);
  }
  return sumLines(lines);
}
