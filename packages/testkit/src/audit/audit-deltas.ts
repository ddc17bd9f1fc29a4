/**
 * The delta log by itself: sequences without gap or repetition, boundaries of commits that go on
 * from each other, deltas that add up. What is in force at its end is the net ledger.
 */

import type { Delta } from '@holdfast/domain/delta.ts';
import { HEADERS, numberHeader, sequenceOf } from '@holdfast/pipeline/headers.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { Boundary, PublishedRecord } from '@holdfast/pipeline/ports.ts';
import type { Prove } from './finding.ts';
import { entryOfDelta, keepLedger, type Ledger } from './ledger.ts';

export interface Published {
  readonly count: number;
  readonly ledger: Ledger;
  /** Where the last commit with deltas ended. */
  readonly end: Boundary;
}

interface CommitBounds {
  readonly from: Boundary;
  readonly to: Boundary;
}

export const auditDeltas = async (
  machine: Machine,
  partition: number,
  deltas: AsyncIterable<readonly PublishedRecord[]>,
  prove: Prove,
): Promise<Published> => {
  const ledger = keepLedger(prove);
  const start = { nextOffset: 0, asOf: 0 };
  let last: CommitBounds = { from: start, to: start };
  let count = 0;
  for await (const page of deltas) {
    for (const record of page) {
      const sequence = sequenceOf(record);
      const at = `delta ${sequence ?? '?'} at ${record.offset}`;
      prove(sequence === count, 'sequence', () => `${at}; want ${count}`);
      const bounds = boundsOf(record);
      prove(bounds !== undefined, 'boundary', () => `${at} has no boundaries`);
      prove(
        sameBounds(bounds, last) || goesOn(last.to, bounds),
        'boundary',
        () => `${at} is of a commit ${show(bounds)} after one ${show(last)}`,
      );
      const delta = machine.deltas.decode(record.value ?? new Uint8Array());
      const { customerId, cause } = delta;
      const where = { customerId, offset: cause.offset };
      const id = `${machine.generation}:${partition}:${count}`;
      prove(delta.deltaId === id, 'delta', () => `${at} is ${delta.deltaId}`, where);
      prove(isWithin(delta, bounds), 'boundary', () => `${at} lies beyond its commit`, where);
      ledger.take(entryOfDelta(machine.rules, delta));
      last = bounds;
      count += 1;
    }
  }
  return { count, ledger: ledger.entries, end: last.to };
};

const boundsOf = (record: PublishedRecord): CommitBounds | undefined => {
  const [fromOffset, fromAsOf, nextOffset, asOf] = [
    HEADERS.fromOffset,
    HEADERS.fromAsOf,
    HEADERS.nextOffset,
    HEADERS.asOf,
  ].map((name) => numberHeader(record, name));
  if (fromOffset === undefined || fromAsOf === undefined) return undefined;
  if (nextOffset === undefined || asOf === undefined) return undefined;
  return { from: { nextOffset: fromOffset, asOf: fromAsOf }, to: { nextOffset, asOf } };
};

const isAtOrAfter = (a: Boundary, b: Boundary): boolean =>
  a.nextOffset >= b.nextOffset && a.asOf >= b.asOf;

/** Commits without deltas may lie between two. */
const goesOn = (before: Boundary, { from, to }: CommitBounds): boolean =>
  isAtOrAfter(from, before) && isAtOrAfter(to, from);

const sameBounds = (a: CommitBounds, b: CommitBounds): boolean =>
  isAtOrAfter(a.from, b.from) &&
  isAtOrAfter(b.from, a.from) &&
  isAtOrAfter(a.to, b.to) &&
  isAtOrAfter(b.to, a.to);

/** Nothing is said of what is to come, but for the first classification, which is said at once. */
const isWithin = (delta: Delta, { to }: CommitBounds): boolean =>
  delta.cause.offset < to.nextOffset &&
  (delta.type === 'customer_classified' || delta.effectiveAt <= to.asOf);

const show = ({ from, to }: CommitBounds): string =>
  `from ${from.nextOffset}@${from.asOf} to ${to.nextOffset}@${to.asOf}`;
