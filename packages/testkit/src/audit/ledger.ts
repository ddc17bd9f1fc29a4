/**
 * What is in force of each customer: movements and classifications asserted and not retracted, by
 * their instant. At most one of a kind stands at an instant, and only what stands is retracted.
 */

import type { Change } from '@holdfast/domain/changes.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { memberOf } from '@holdfast/domain/profile.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { Prove } from './finding.ts';

/** One assertion or retraction in the form in which two of them are compared. */
export interface Entry {
  readonly op: 'assert' | 'retract';
  readonly customerId: string;
  /** Kind and instant. */
  readonly place: string;
  readonly content: string;
  /** The record that brought it, and when that became known. */
  readonly cause: string;
  readonly offset: number;
}

export interface InForce {
  readonly content: string;
  readonly cause: string;
  readonly offset: number;
}

/** By customer and place. */
export type Ledger = ReadonlyMap<string, InForce>;

export interface LedgerKeeper {
  take(entry: Entry): void;
  readonly entries: Ledger;
}

export const keepLedger = (prove: Prove): LedgerKeeper => {
  const entries = new Map<string, InForce>();
  return {
    entries,
    take: ({ op, customerId, place, content, cause, offset }) => {
      const key = JSON.stringify([customerId, place]);
      const stands = entries.get(key);
      const where = { customerId, offset };
      if (op === 'retract') {
        prove(stands !== undefined, 'delta', () => `${place} is retracted, nothing stands`, where);
        prove(
          stands.content === content,
          'delta',
          () => `${place} is retracted as ${content}, it stands as ${stands.content}`,
          where,
        );
        entries.delete(key);
        return;
      }
      prove(stands === undefined, 'delta', () => `${place} is asserted and stands already`, where);
      entries.set(key, { content, cause, offset });
    },
  };
};

export const entryOfDelta = (rules: Rules, delta: Delta): Entry => {
  const { op, customerId, effectiveAt, knownAt, cause } = delta;
  const sign = op === 'assert' ? 1 : -1;
  const head = {
    op,
    customerId,
    cause: causeOf(cause.eventId, cause.offset, knownAt),
    offset: cause.offset,
  };
  if (delta.type === 'customer_classified') {
    const content = classified(rules, delta.name, delta.attributes);
    return { ...head, place: `classification at ${effectiveAt}`, content };
  }
  const { movement, arrBeforeMinor, arrAfterMinor, amountMinor, drivers } = delta;
  const parts = drivers.map((each) => [each.driver, each.productId, sign * each.amountMinor]);
  return {
    ...head,
    place: `movement at ${effectiveAt}`,
    content: JSON.stringify([movement, arrBeforeMinor, arrAfterMinor, sign * amountMinor, parts]),
  };
};

export const entryOfChange = (
  rules: Rules,
  change: Change,
  cause: { readonly eventId: string; readonly offset: number; readonly knownAt: number },
): Entry => {
  const { op, customerId } = change;
  const { offset } = cause;
  const head = { op, customerId, offset, cause: causeOf(cause.eventId, offset, cause.knownAt) };
  if (change.kind === 'classification') {
    const { effectiveAt, name, attributes } = change.classification;
    const content = classified(rules, name, attributes);
    return { ...head, place: `classification at ${effectiveAt}`, content };
  }
  const { effectiveAt, movement, arrBeforeMinor, arrAfterMinor, drivers } = change.movement;
  const amount = arrAfterMinor - arrBeforeMinor;
  const parts = drivers.map((each) => [each.driver, each.productId, each.amountMinor]);
  return {
    ...head,
    place: `movement at ${effectiveAt}`,
    content: JSON.stringify([movement, arrBeforeMinor, arrAfterMinor, amount, parts]),
  };
};

const causeOf = (eventId: string, offset: number, knownAt: number): string =>
  `event "${eventId}" at offset ${offset}, known at ${knownAt}`;

/** Attributes that are no dimension are for printing; they may change without a word. */
const classified = (
  rules: Rules,
  name: string | null,
  attributes: Readonly<Record<string, string>>,
): string =>
  JSON.stringify([
    name,
    rules.dimensions.map((dimension) => memberOf({ name, attributes }, dimension)),
  ]);
