/**
 * What one customer adds to the aggregates at a moment. Aggregates are plain sums of these, so a
 * change is the new contribution minus the old one.
 */

import type { Customer } from './customer.ts';
import { memberOf, profileAt } from './profile.ts';
import type { Moment, Rules } from './rules.ts';
import { arrAt } from './steps.ts';

/** A customer in one window: A just before its start, B at its end. */
export interface WindowPart {
  readonly opening: number;
  readonly closing: number;
  /** The member just before the start, for each of the policy's dimensions. */
  readonly members: readonly string[];
}

export interface Contribution {
  /** For each of the policy's windows; null where A is 0: it is not in the cohort. */
  readonly windows: readonly (WindowPart | null)[];
  readonly arr: number;
  /** The member now, for each of the policy's dimensions. */
  readonly members: readonly string[];
}

export function contributionOf(rules: Rules, customer: Customer, moment: Moment): Contribution {
  const steps = customer.steps;
  const closing = arrAt(steps, moment.asOf);
  const { starts } = moment;
  const windows = new Array<WindowPart | null>(starts.length);
  for (let index = 0; index < starts.length; index += 1) {
    const before = (starts[index] as number) - 1;
    const opening = arrAt(steps, before);
    windows[index] =
      opening === 0 ? null : { opening, closing, members: membersAt(rules, customer, before) };
  }
  return { windows, arr: closing, members: membersAt(rules, customer, moment.asOf) };
}

const NO_MEMBERS: readonly string[] = [];

/** The customer's member of each dimension at an instant. */
export function membersAt(rules: Rules, customer: Customer, at: number): readonly string[] {
  if (rules.dimensions.length === 0) return NO_MEMBERS;
  const profile = profileAt(rules, customer, at);
  return rules.dimensions.map((dimension) => memberOf(profile, dimension));
}

/**
 * The next instant after the moment at which the contribution, the movements or the classifications
 * can change with no event; null: never. May be early, is never late.
 */
export function dueAfter(rules: Rules, customer: Customer, moment: Moment): number | null {
  let due = Number.POSITIVE_INFINITY;
  for (const { chain } of customer.subscriptions) due = leastDue(rules, chain, moment, due);
  for (const { chain } of customer.profiles) due = leastDue(rules, chain, moment, due);
  return due === Number.POSITIVE_INFINITY ? null : due;
}

/** The least of a due and those that a chain's phases make. */
function leastDue(
  rules: Rules,
  chain: readonly { readonly from: number }[],
  moment: Moment,
  known: number,
): number {
  let due = known;
  const coming = chain[indexAtOf(chain, moment.asOf) + 1];
  if (coming !== undefined && coming.from < due) due = coming.from;
  for (let index = 0; index < moment.starts.length; index += 1) {
    const start = moment.starts[index] as number;
    const inside = chain[indexAtOf(chain, start - 1) + 1];
    if (inside === undefined || inside.from > moment.asOf) continue;
    const leaves = (rules.windows[index] as Rules['windows'][number]).leavesAt(inside.from);
    if (leaves < due) due = leaves;
  }
  return due;
}

function indexAtOf(chain: readonly { readonly from: number }[], at: number): number {
  let index = chain.length - 1;
  while (index >= 0 && (chain[index] as { from: number }).from > at) index -= 1;
  return index;
}
