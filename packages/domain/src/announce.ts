/**
 * Which record made what is still to come what it is. A movement that comes due tomorrow leaves
 * with the record that announced it as its cause, not with the one that happened to come last.
 */

import type { Announcement, Chain, Customer, Phase, RecordCause } from './customer.ts';
import { movementsBetween, sameMovement } from './movements.ts';
import { classificationsUpTo, sameClassification } from './profile.ts';
import type { Rules } from './rules.ts';

const NOTHING: readonly Announcement[] = [];

/** What `after` has still to come at the as-of, each with the record that made it so. */
export function announce(
  rules: Rules,
  before: Customer | null,
  after: Customer,
  cause: RecordCause,
  asOf: number,
): readonly Announcement[] {
  return isAnythingToCome(after, asOf) ? toCome(rules, before, after, cause, asOf) : NOTHING;
}

function toCome(
  rules: Rules,
  before: Customer | null,
  after: Customer,
  cause: RecordCause,
  asOf: number,
): readonly Announcement[] {
  const known = before?.announced ?? NOTHING;
  const keep = (kind: Announcement['kind'], effectiveAt: number): RecordCause | undefined =>
    known.find((one) => one.kind === kind && one.effectiveAt === effectiveAt)?.cause;

  const movements = before === null ? [] : movementsToCome(before, asOf);
  const classifications = before === null ? [] : classificationsToCome(rules, before, asOf);
  const announced: Announcement[] = [];
  for (const one of movementsToCome(after, asOf)) {
    const { effectiveAt } = one;
    const stood = movements.some((other) => sameMovement(other, one));
    const by = (stood ? keep('movement', effectiveAt) : undefined) ?? cause;
    announced.push({ kind: 'movement', effectiveAt, cause: by });
  }
  for (const one of classificationsToCome(rules, after, asOf)) {
    const { effectiveAt } = one;
    const stood = classifications.some((other) => sameClassification(rules, other, one));
    const by = (stood ? keep('classification', effectiveAt) : undefined) ?? cause;
    announced.push({ kind: 'classification', effectiveAt, cause: by });
  }
  return announced.sort((a, b) => a.effectiveAt - b.effectiveAt);
}

function isAnythingToCome({ subscriptions, profiles }: Customer, asOf: number): boolean {
  for (const { chain } of subscriptions) if (lastFrom(chain) > asOf) return true;
  for (const { chain } of profiles) if (lastFrom(chain) > asOf) return true;
  return false;
}

const lastFrom = (chain: Chain<unknown>): number =>
  (chain[chain.length - 1] as Phase<unknown>).from;

const movementsToCome = (customer: Customer, asOf: number) =>
  movementsBetween(customer, asOf, Number.POSITIVE_INFINITY);

/** The first one is said at once, whenever it begins. */
const classificationsToCome = (rules: Rules, customer: Customer, asOf: number) =>
  classificationsUpTo(rules, customer, Number.POSITIVE_INFINITY)
    .slice(1)
    .filter(({ effectiveAt }) => effectiveAt > asOf);
