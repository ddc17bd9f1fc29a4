/**
 * ARR of a customer as a step function of time: the sum over its subscriptions.
 */

import { indexAt } from './chain.ts';
import type { Customer, Line, Phase, Steps, SubscriptionTimeline } from './customer.ts';
import { arrOf, sumLines } from './lines.ts';
import { arrOverflow } from './overflow.ts';
import type { CustomerId } from './scalars.ts';

const NO_STEPS: Steps = { at: [], arr: [] };

/**
 * Steps that are being put together, in lists that are used again: what is made of them has its
 * right length at once, where a list that grows is copied on its way.
 */
const made = { at: [] as number[], arr: [] as number[], count: 0 };

function add(at: number, arr: number): void {
  made.at[made.count] = at;
  made.arr[made.count] = arr;
  made.count += 1;
}

/** The steps of a customer's subscriptions together. Throws `arr_overflow`. */
export const stepsOf = (id: CustomerId, subscriptions: readonly SubscriptionTimeline[]): Steps =>
  subscriptions.length === 0
    ? NO_STEPS
    : stepsFrom(id, subscriptions, NO_STEPS, Number.NEGATIVE_INFINITY);

/**
 * The same where the steps were known and a subscription changed from an instant on: those before
 * it stay, so that a customer of many steps is not summed up again for each. Throws `arr_overflow`.
 */
export function stepsFrom(
  id: CustomerId,
  subscriptions: readonly SubscriptionTimeline[],
  known: Steps,
  from: number,
): Steps {
  const kept = firstNotBefore(known.at, from);
  made.count = 0;
  for (let index = 0; index < kept; index += 1) {
    add(known.at[index] as number, known.arr[index] as number);
  }
  if (subscriptions.length === 1) addStepsOfOne(subscriptions[0] as SubscriptionTimeline, from);
  else addStepsOfMany(subscriptions, from);
  const steps = { at: made.at.slice(0, made.count), arr: made.arr.slice(0, made.count) };
  for (let index = kept; index < steps.arr.length; index += 1) {
    const sum = steps.arr[index] as number;
    if (!Number.isSafeInteger(sum)) throw arrOverflow(`customer ${id}, ARR`, sum);
  }
  return steps;
}

function firstNotBefore(at: readonly number[], from: number): number {
  let index = at.length;
  while (index > 0 && (at[index - 1] as number) >= from) index -= 1;
  return index;
}

/** A subscription's ARR just before an instant, and the phases from there on. */
function tailOf({ chain }: SubscriptionTimeline, from: number): readonly [number, number] {
  const first = indexAt(chain, from - 1) + 1;
  return [first === 0 ? 0 : arrOf((chain[first - 1] as Phase<readonly Line[]>).value), first];
}

function addStepsOfOne(timeline: SubscriptionTimeline, from: number): void {
  let [before, index] = tailOf(timeline, from);
  for (; index < timeline.chain.length; index += 1) {
    const phase = timeline.chain[index] as Phase<readonly Line[]>;
    const value = arrOf(phase.value);
    if (value !== before) add(phase.from, value);
    before = value;
  }
}

function addStepsOfMany(subscriptions: readonly SubscriptionTimeline[], from: number): void {
  const changes: { readonly at: number; readonly by: number }[] = [];
  for (const timeline of subscriptions) {
    let [before, index] = tailOf(timeline, from);
    for (; index < timeline.chain.length; index += 1) {
      const phase = timeline.chain[index] as Phase<readonly Line[]>;
      const value = arrOf(phase.value);
      if (value !== before) changes.push({ at: phase.from, by: value - before });
      before = value;
    }
  }
  changes.sort((a, b) => a.at - b.at);
  let sum = made.count === 0 ? 0 : (made.arr[made.count - 1] as number);
  for (let index = 0; index < changes.length; ) {
    const instant = (changes[index] as { at: number }).at;
    let by = 0;
    for (; index < changes.length && changes[index]?.at === instant; index += 1) {
      by += (changes[index] as { by: number }).by;
    }
    if (by === 0) continue;
    sum += by;
    add(instant, sum);
  }
}

/** ARR at an instant; "just before t" is the ARR at t - 1, instants being whole milliseconds. */
export function arrAt({ at, arr }: Steps, instant: number): number {
  let index = at.length - 1;
  while (index >= 0 && (at[index] as number) > instant) index -= 1;
  return index < 0 ? 0 : (arr[index] as number);
}

const NO_LINES: readonly Line[] = [];

/** What the customer's counted items are at an instant, product by product. */
export function linesAt({ subscriptions }: Customer, at: number): readonly Line[] {
  if (subscriptions.length === 1) {
    const { chain } = subscriptions[0] as SubscriptionTimeline;
    return chain[indexAt(chain, at)]?.value ?? NO_LINES;
  }
  const lines: Line[] = [];
  for (const { chain } of subscriptions) {
    const index = indexAt(chain, at);
    if (index >= 0) lines.push(...(chain[index] as Phase<readonly Line[]>).value);
  }
  return sumLines(lines);
}
