/**
 * What is to be said of a customer on `arr-deltas`: after a record, the difference between what
 * had been said and what is right now; at a tick, what has come due.
 */

import type { Announcement, Customer, Profile, RecordCause } from './customer.ts';
import type { Classification, Movement } from './delta.ts';
import type { Folded } from './fold.ts';
import { keptOf } from './horizon.ts';
import { movementsBetween, sameMovement } from './movements.ts';
import { classificationsUpTo, profileAt, sameClassification } from './profile.ts';
import type { Rules } from './rules.ts';

/** One delta before it has a sequence and a cause. A retracted movement is the original. */
export type Change = { readonly op: 'assert' | 'retract'; readonly customerId: string } & (
  | {
      readonly kind: 'movement';
      readonly movement: Movement;
      /** Who the customer is at the movement, as far as known now. */
      readonly profile: Profile;
    }
  | { readonly kind: 'classification'; readonly classification: Classification }
);

/** A change that came due, with the record that had announced it. */
export interface DueChange {
  readonly change: Change;
  readonly effectiveAt: number;
  readonly cause: RecordCause;
}

/** The differences a record makes; by effective_at, a retract before its assert. */
export function changesByRecord(
  rules: Rules,
  before: Customer | null,
  { customer, changed }: Folded,
  asOf: number,
): readonly Change[] {
  switch (changed?.what) {
    case undefined:
      return NO_CHANGES;
    case 'arr': {
      const from = keptOf(rules, customer.knownAt, changed.from);
      return movementChanges(rules, before, customer, from, asOf);
    }
    case 'profile':
      return classificationChanges(rules, before, customer, asOf);
  }
}

const NOTHING_SAID: readonly Movement[] = [];
const NO_CHANGES: readonly Change[] = [];

function movementChanges(
  rules: Rules,
  before: Customer | null,
  customer: Customer,
  from: number,
  asOf: number,
): readonly Change[] {
  const said = before === null ? NOTHING_SAID : movementsBetween(before, from - 1, asOf);
  const right = movementsBetween(customer, from - 1, asOf);
  if (said.length + right.length === 0) return NO_CHANGES;
  return differences(said, right, sameMovement).map(([op, movement]) => ({
    kind: 'movement',
    op,
    customerId: customer.id,
    movement,
    profile: profileAt(rules, customer, movement.effectiveAt),
  }));
}

function classificationChanges(
  rules: Rules,
  before: Customer | null,
  customer: Customer,
  asOf: number,
): readonly Change[] {
  const right = classificationsUpTo(rules, customer, asOf);
  const [first] = right;
  // What was said of the time before it is no longer kept, and stays as it was said.
  const isKept = (one: Classification): boolean =>
    first !== undefined && one.effectiveAt >= first.effectiveAt;
  const said = before === null ? [] : classificationsUpTo(rules, before, asOf).filter(isKept);
  const same = (a: Classification, b: Classification): boolean => sameClassification(rules, a, b);
  return differences(said, right, same).map(([op, classification]) => ({
    kind: 'classification',
    op,
    customerId: customer.id,
    classification,
  }));
}

/** Both lists ascend by effectiveAt; what stands in only one of them is retracted or asserted. */
function differences<One extends { readonly effectiveAt: number }>(
  said: readonly One[],
  right: readonly One[],
  same: (a: One, b: One) => boolean,
): (readonly ['assert' | 'retract', One])[] {
  const found: (readonly ['assert' | 'retract', One])[] = [];
  let s = 0;
  let r = 0;
  while (s < said.length || r < right.length) {
    const old = said[s];
    const now = right[r];
    const takeOld = old !== undefined && (now === undefined || old.effectiveAt <= now.effectiveAt);
    const takeNow = now !== undefined && (old === undefined || now.effectiveAt <= old.effectiveAt);
    if (takeOld && takeNow && same(old, now)) {
      s += 1;
      r += 1;
      continue;
    }
    if (takeOld) {
      found.push(['retract', old]);
      s += 1;
    }
    if (takeNow) {
      found.push(['assert', now]);
      r += 1;
    }
  }
  return found;
}

/** What came due with `after` < effectiveAt <= `upTo`; a classification before a movement. */
export function changesByTime(
  rules: Rules,
  customer: Customer,
  after: number,
  upTo: number,
): readonly DueChange[] {
  const found: DueChange[] = [];
  const [, ...later] = classificationsUpTo(rules, customer, upTo);
  for (const classification of later) {
    const { effectiveAt } = classification;
    if (effectiveAt <= after) continue;
    const change: Change = {
      kind: 'classification',
      op: 'assert',
      customerId: customer.id,
      classification,
    };
    found.push({ change, effectiveAt, cause: causeOf(customer, 'classification', effectiveAt) });
  }
  for (const movement of movementsBetween(customer, after, upTo)) {
    const { effectiveAt } = movement;
    const profile = profileAt(rules, customer, effectiveAt);
    const change: Change = {
      kind: 'movement',
      op: 'assert',
      customerId: customer.id,
      movement,
      profile,
    };
    found.push({ change, effectiveAt, cause: causeOf(customer, 'movement', effectiveAt) });
  }
  return found.sort((a, b) => a.effectiveAt - b.effectiveAt);
}

function causeOf({ announced }: Customer, kind: Announcement['kind'], at: number): RecordCause {
  const found = announced.find((one) => one.kind === kind && one.effectiveAt === at);
  if (found === undefined) throw new Error(`nothing announces the ${kind} at ${at}`);
  return found.cause;
}
