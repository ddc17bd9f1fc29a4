/**
 * The delta log by itself: sequences without gap or repetition, boundaries of commits that go on
 * from each other, deltas that add up. What is in force at its end is the net ledger.
 */

import type { Delta } from '@holdfast/domain/delta.ts';
import { HEADERS, numberHeader, sequenceOf } from '@holdfast/pipeline/headers.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { Boundary, PublishedRecord } from '@holdfast/pipeline/ports.ts';
import type { Prove, Where } from './finding.ts';
import { entryOfDelta, keepLedger, type Ledger } from './ledger.ts';

export interface DeltaLog<Origin> {
  readonly count: number;
  readonly ledger: Ledger<Origin>;
  /** Those that have said something, each as often as it was promoted. */
  readonly generations: readonly string[];
  /** Where the last commit with deltas ended. */
  readonly end: Boundary;
  /** One past the last record that was taken. */
  readonly reached: number;
  readonly last: Delta | null;
  /** Goes on where the log was left. What comes after so many in all is not looked at. */
  take(pages: AsyncIterable<readonly PublishedRecord[]>, most?: number): Promise<void>;
}

interface CommitBounds {
  readonly from: Boundary;
  readonly to: Boundary;
}

export interface DeltaLogOptions<Origin> {
  readonly machine: Machine;
  readonly partition: number;
  /** What is kept of a delta that is in force. */
  readonly originOf: (delta: Delta) => Origin;
  readonly prove: Prove;
}

export const keepDeltaLog = <Origin>(options: DeltaLogOptions<Origin>): DeltaLog<Origin> => {
  const { machine, partition, originOf } = options;
  const prove: Prove = options.prove;
  const ledger = keepLedger<Origin>(prove);
  const generations: string[] = [];
  const start = { nextOffset: 0, asOf: 0 };
  let bounds: CommitBounds = { from: start, to: start };
  let count = 0;
  let reached = 0;
  let last: Delta | null = null;

  const takeOne = (record: PublishedRecord): void => {
    const sequence = sequenceOf(record);
    const at = `delta ${sequence ?? '?'} at ${record.offset}`;
    prove(sequence === count, 'sequence', () => `${at}; want ${count}`);
    const own = boundsOf(record);
    prove(own !== undefined, 'boundary', () => `${at} has no boundaries`);
    prove(
      sameBounds(own, bounds) || goesOn(bounds.to, own),
      'boundary',
      () => `${at} is of a commit ${show(own)} after one ${show(bounds)}`,
    );
    const delta = machine.deltas.decode(record.value ?? new Uint8Array());
    const where = { customerId: delta.customerId, offset: delta.cause.offset };
    proveGeneration(record, delta, at, where);
    prove(isWithin(delta, own), 'boundary', () => `${at} lies beyond its commit`, where);
    const by = record.headers[HEADERS.generation];
    ledger.take(entryOfDelta(machine, delta, by), originOf(delta));
    bounds = own;
    last = delta;
    count += 1;
    reached = record.offset + 1;
  };

  const proveGeneration = (
    { headers }: PublishedRecord,
    delta: Delta,
    at: string,
    where: Where,
  ): void => {
    const { [HEADERS.generation]: generation = '', [HEADERS.restatement]: restatement } = headers;
    const id = `${generation}:${partition}:${count}`;
    prove(delta.deltaId === id, 'delta', () => `${at} is ${delta.deltaId}`, where);
    prove(
      delta.restatement === (restatement ?? null),
      'delta',
      () => `${at} is of restatement ${delta.restatement}, its header says ${restatement}`,
      where,
    );
    const before = generations.at(-1);
    if (generation === before) return;
    prove(
      before === undefined || delta.restatement !== null,
      'generation',
      () => `${at} is of generation ${generation}; want ${before}`,
      where,
    );
    generations.push(generation);
  };

  return {
    get count() {
      return count;
    },
    get end() {
      return bounds.to;
    },
    get reached() {
      return reached;
    },
    get last() {
      return last;
    },
    ledger: ledger.entries,
    generations,
    take: async (pages, most = Number.POSITIVE_INFINITY) => {
      for await (const page of pages) {
        for (const record of page.slice(0, most - count)) takeOne(record);
        if (count >= most) break;
      }
    },
  };
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
