/**
 * What is in force of each customer: movements and classifications asserted and not retracted, by
 * their instant. At most one of a kind stands at an instant, and only what stands is retracted.
 */

import type { Change } from '@holdfast/domain/changes.ts';
import type { RecordCause } from '@holdfast/domain/customer.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { memberOf } from '@holdfast/domain/profile.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
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
  /** What is retracted need not be repeated to the letter. */
  readonly isLoose: boolean;
}

export interface InForce<Origin> {
  readonly content: string;
  readonly cause: string;
  readonly offset: number;
  /** What asserted it. */
  readonly origin: Origin;
}

/** By customer and place. */
export type Ledger<Origin> = ReadonlyMap<string, InForce<Origin>>;

export interface LedgerKeeper<Origin> {
  take(entry: Entry, origin: Origin): void;
  readonly entries: Ledger<Origin>;
}

export const keepLedger = <Origin>(prove: Prove): LedgerKeeper<Origin> => {
  const entries = new Map<string, InForce<Origin>>();
  return {
    entries,
    take: ({ op, customerId, place, content, cause, offset, isLoose }, origin) => {
      const key = JSON.stringify([customerId, place]);
      const stands = entries.get(key);
      const where = { customerId, offset };
      if (op === 'retract') {
        prove(stands !== undefined, 'delta', () => `${place} is retracted, nothing stands`, where);
        prove(
          isLoose || stands.content === content,
          'delta',
          () => `${place} is retracted as ${content}, it stands as ${stands.content}`,
          where,
        );
        entries.delete(key);
        return;
      }
      prove(stands === undefined, 'delta', () => `${place} is asserted and stands already`, where);
      entries.set(key, { content, cause, offset, origin });
    },
  };
};

/**
 * `generation`: the one that said it. What an earlier one took for a dimension is not known here,
 * and an attribute that is none may change between assertion and retraction without a word.
 */
export const entryOfDelta = (
  { rules, generation }: Pick<Machine, 'rules' | 'generation'>,
  delta: Delta,
  by: string | undefined,
): Entry => {
  const { op, customerId, effectiveAt, knownAt, cause } = delta;
  const sign = op === 'assert' ? 1 : -1;
  const head = {
    op,
    customerId,
    cause: causeOf(cause.eventId, cause.offset, knownAt),
    offset: cause.offset,
    isLoose: delta.type === 'customer_classified' && by !== generation,
  };
  if (delta.type === 'customer_classified') {
    const content = classified(rules, delta.name, delta.attributes);
    return { ...head, place: `classification at ${effectiveAt}`, content };
  }
  const { movement, arrBeforeMinor, arrAfterMinor, amountMinor, drivers, currency } = delta;
  const parts = drivers.map((each) => [each.driver, each.productId, sign * each.amountMinor]);
  return {
    ...head,
    place: `movement at ${effectiveAt}`,
    content: JSON.stringify([
      movement,
      arrBeforeMinor,
      arrAfterMinor,
      sign * amountMinor,
      currency,
      parts,
    ]),
  };
};

export const entryOfChange = (
  rules: Rules,
  change: Change,
  cause: Pick<RecordCause, 'eventId' | 'offset' | 'knownAt'>,
): Entry => {
  const { op, customerId } = change;
  const { offset } = cause;
  const head = {
    op,
    customerId,
    offset,
    cause: causeOf(cause.eventId, offset, cause.knownAt),
    isLoose: false,
  };
  if (change.kind === 'classification') {
    const { effectiveAt, name, attributes } = change.classification;
    const content = classified(rules, name, attributes);
    return { ...head, place: `classification at ${effectiveAt}`, content };
  }
  const { effectiveAt, movement, arrBeforeMinor, arrAfterMinor, drivers } = change.movement;
  const amount = arrAfterMinor - arrBeforeMinor;
  const parts = drivers.map((each) => [each.driver, each.productId, each.amountMinor]);
  const { reportingCurrency } = rules.policy;
  return {
    ...head,
    place: `movement at ${effectiveAt}`,
    content: JSON.stringify([
      movement,
      arrBeforeMinor,
      arrAfterMinor,
      amount,
      reportingCurrency,
      parts,
    ]),
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
