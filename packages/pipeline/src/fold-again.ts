/**
 * The published log is ahead of the store, or tells another story: the state is forgotten and
 * folded again from the input, silently up to the boundary before the last published commit, then
 * that commit itself, whose deltas must equal the published ones byte for byte.
 */

import { type ErrorCode, HoldfastError } from '@holdfast/domain/errors.ts';
import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import {
  boundaryOf,
  DEAD_LETTER_HEADERS,
  HEADERS,
  numberHeader,
  sequenceOf,
  unreadable,
} from './headers.ts';
import { compareTail, type Remaining } from './output-tail.ts';
import { apply, type Machine, type Partition } from './partition.ts';
import type {
  Boundary,
  Commit,
  CommitAnswer,
  InputBatch,
  InputRecord,
  OutputBatch,
  PartitionInput,
  PublishedRecord,
} from './ports.ts';
import { readableBatch } from './read-change.ts';
import { step } from './step.ts';

/** The last commit that the output log holds deltas of. */
interface LastPublished {
  readonly from: Boundary;
  readonly to: Boundary;
  /** The sequence of its first delta. */
  readonly firstSequence: number;
  readonly deltas: readonly PublishedRecord[];
  /**
   * A restatement is the difference of two generations: folding one of them can't give it, and it
   * was written whole. The state at its end can be folded.
   */
  readonly isRestatement: boolean;
}

type Pages = AsyncIterable<readonly PublishedRecord[]>;

export interface PublishedPages {
  readonly deltas: Pages;
  readonly deadLetters: Pages;
}

export interface FoldAgain {
  readonly machine: Machine;
  readonly input: PartitionInput;
  /** Of an empty state, freshly claimed. */
  readonly partition: Partition;
  /** Both logs, from their beginnings. */
  readonly published: PublishedPages;
  readonly newId: () => string;
  /** Aborted when the partition is given up: folding ends with an error. */
  readonly signal: AbortSignal;
}

const POLL_MS = 1_000;
const NOTHING: OutputBatch = { deltas: [], deadLetters: [] };

const REFUSED = {
  fenced: 'fenced',
  reclaim: 'store_unavailable',
  clock: 'clock_ahead',
} as const satisfies Partial<Record<CommitAnswer, ErrorCode>>;

/** The last published commit, folded again. */
export interface FoldedAgain extends Remaining {
  /** All that it says; dead letters that the log holds already are not said again. */
  readonly batch: OutputBatch;
}

/** Brings the partition to the end of the last published commit. */
export async function foldAgain(tools: FoldAgain): Promise<FoldedAgain> {
  const { partition, published } = tools;
  const deadLetterOffset = await rememberDead(partition, published.deadLetters);
  const last = await lastPublished(published.deltas);
  if (last === null) {
    return { batch: NOTHING, rest: NOTHING, reached: { deltaOffset: 0, deadLetterOffset } };
  }
  tools.input.seek(0);
  const silentTo = last.isRestatement ? last.to : last.from;
  while (partition.nextOffset < silentTo.nextOffset) {
    const batch = await upTo(tools, silentTo.nextOffset);
    await commitFolded(tools, batch, silentTo.asOf, true);
  }
  if (partition.moment.asOf < silentTo.asOf) {
    await commitFolded(tools, nothing(partition), silentTo.asOf, true);
  }
  partition.nextSequence = last.firstSequence;
  if (last.isRestatement) {
    partition.nextSequence += last.deltas.length;
    const deltaOffset = (last.deltas.at(-1) as PublishedRecord).offset + 1;
    return { batch: NOTHING, rest: NOTHING, reached: { deltaOffset, deadLetterOffset } };
  }
  const records: InputRecord[] = [];
  let read = nothing(partition);
  while (read.nextOffset < last.to.nextOffset) {
    read = await upTo(tools, last.to.nextOffset);
    records.push(...read.records);
  }
  const batch = await commitFolded(tools, { ...read, records }, last.to.asOf, false);
  const from = { deltaOffset: 0, deadLetterOffset };
  const verdict = compareTail({ from, deltas: last.deltas, deadLetters: [] }, [batch]);
  if (verdict.kind === 'diverged') {
    throw new HoldfastError('refold_mismatch', `partition ${partition.partition}, ${verdict.at}`);
  }
  return { batch, ...(verdict.remaining[0] as Remaining) };
}

/**
 * One step whose deltas nobody waits for. `change`: what of its commit is another one. Throws
 * `fenced`; `store_unavailable` or `clock_ahead` where claiming again helps.
 */
export async function commitFolded(
  { machine, partition, newId }: Pick<FoldAgain, 'machine' | 'partition' | 'newId'>,
  batch: InputBatch,
  asOf: number,
  silent: boolean,
  change: (commit: Commit) => Commit = (same) => same,
): Promise<OutputBatch> {
  const readable = await readableBatch(machine, partition.partition, batch);
  const folded = await step(machine, partition, readable, asOf, newId(), { silent });
  const next = { ...folded, commit: change(folded.commit) };
  const { answer, firstDue } = await partition.store.commit(next.commit);
  if (answer !== 'applied' && answer !== 'already') {
    throw new HoldfastError(REFUSED[answer], `a commit of folding again was answered ${answer}`);
  }
  apply(partition, next, firstDue);
  if (next.dueLater.length > 0) partition.firstDue = await partition.store.setDue(next.dueLater);
  partition.cache.trim();
  return next.publish;
}

const nothing = ({ nextOffset, inputEnd }: Partition): InputBatch => ({
  records: [],
  nextOffset,
  endOffset: inputEnd,
});

/** The next records before an offset; the input goes on at that offset. */
async function upTo({ input, signal }: FoldAgain, end: number): Promise<InputBatch> {
  const batch = await input.poll(POLL_MS);
  // Polls of a partition that was taken away end empty, at once and for ever.
  signal.throwIfAborted();
  if (batch.nextOffset <= end) return batch;
  input.seek(end);
  return {
    ...batch,
    records: batch.records.filter(({ offset }) => offset < end),
    nextOffset: end,
  };
}

/** Answers one past the last dead letter. */
async function rememberDead({ dead }: Partition, deadLetters: Pages): Promise<number> {
  let reached = 0;
  for await (const page of deadLetters) {
    for (const letter of page) {
      const offset = numberHeader(letter, DEAD_LETTER_HEADERS.offset);
      const reason = letter.headers[DEAD_LETTER_HEADERS.reason];
      if (offset !== undefined) dead.set(offset, reason as RejectionReason);
      reached = letter.offset + 1;
    }
  }
  return reached;
}

/** Keeps the deltas of one commit in memory, whatever the log holds. */
async function lastPublished(deltas: Pages): Promise<LastPublished | null> {
  let own: PublishedRecord[] = [];
  for await (const page of deltas) {
    for (const delta of page) {
      if (own[0] !== undefined && !isOfOneCommit(own[0], delta)) own = [];
      own.push(delta);
    }
  }
  const first = own[0];
  if (first === undefined) return null;
  const firstSequence = sequenceOf(first);
  if (firstSequence === undefined) throw unreadable(first, HEADERS.sequence);
  return {
    from: boundaryOf(first, HEADERS.fromOffset, HEADERS.fromAsOf),
    to: boundaryOf(first, HEADERS.nextOffset, HEADERS.asOf),
    firstSequence,
    deltas: own,
    isRestatement: first.headers[HEADERS.restatement] !== undefined,
  };
}

const { sequence: _, ...OF_COMMIT } = HEADERS;

const isOfOneCommit = (a: PublishedRecord, b: PublishedRecord): boolean =>
  Object.values(OF_COMMIT).every((name) => a.headers[name] === b.headers[name]);
