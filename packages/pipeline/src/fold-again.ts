/**
 * The published log is ahead of the store, or tells another story: the state is forgotten and
 * folded again from the input, silently up to the boundary before the last published commit, then
 * that commit itself, whose deltas must equal the published ones byte for byte.
 */

import { type ErrorCode, HoldfastError } from '@holdfast/domain/errors.ts';
import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import { DEAD_LETTER_HEADERS, HEADERS, numberHeader, sequenceOf } from './headers.ts';
import { compareTail, type Remaining } from './output-tail.ts';
import { apply, type Machine, type Partition } from './partition.ts';
import type {
  Boundary,
  CommitAnswer,
  InputBatch,
  InputRecord,
  OutputBatch,
  PartitionInput,
  PublishedRecord,
} from './ports.ts';
import { readBatch } from './read-change.ts';
import { step } from './step.ts';

/** The last commit that the output log holds deltas of. */
interface LastPublished {
  readonly from: Boundary;
  readonly to: Boundary;
  /** The sequence of its first delta. */
  readonly firstSequence: number;
  readonly deltas: readonly PublishedRecord[];
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
  while (partition.nextOffset < last.from.nextOffset) {
    const batch = await upTo(tools, last.from.nextOffset);
    await commit(tools, batch, last.from.asOf, true);
  }
  if (partition.moment.asOf < last.from.asOf) {
    await commit(tools, nothing(partition), last.from.asOf, true);
  }
  partition.nextSequence = last.firstSequence;
  const records: InputRecord[] = [];
  let read = nothing(partition);
  while (read.nextOffset < last.to.nextOffset) {
    read = await upTo(tools, last.to.nextOffset);
    records.push(...read.records);
  }
  const batch = await commit(tools, { ...read, records }, last.to.asOf, false);
  const from = { deltaOffset: 0, deadLetterOffset };
  const verdict = compareTail({ from, deltas: last.deltas, deadLetters: [] }, [batch]);
  if (verdict.kind === 'diverged') {
    throw new HoldfastError('refold_mismatch', `partition ${partition.partition}, ${verdict.at}`);
  }
  return { batch, ...(verdict.remaining[0] as Remaining) };
}

async function commit(
  { machine, partition, newId }: FoldAgain,
  batch: InputBatch,
  asOf: number,
  silent: boolean,
): Promise<OutputBatch> {
  const read = await readBatch(machine, partition.partition, batch);
  const next = await step(machine, partition, read, asOf, newId(), { silent });
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
  return { ...boundsOf(first), firstSequence, deltas: own };
}

const BOUNDS = [HEADERS.fromOffset, HEADERS.fromAsOf, HEADERS.nextOffset, HEADERS.asOf];

const isOfOneCommit = (a: PublishedRecord, b: PublishedRecord): boolean =>
  BOUNDS.every((name) => a.headers[name] === b.headers[name]);

function boundsOf(record: PublishedRecord): Pick<LastPublished, 'from' | 'to'> {
  const of = (name: string): number => {
    const value = numberHeader(record, name);
    if (value === undefined) throw unreadable(record, name);
    return value;
  };
  return {
    from: { nextOffset: of(HEADERS.fromOffset), asOf: of(HEADERS.fromAsOf) },
    to: { nextOffset: of(HEADERS.nextOffset), asOf: of(HEADERS.asOf) },
  };
}

const unreadable = ({ offset }: PublishedRecord, name: string): HoldfastError =>
  new HoldfastError('output_unreadable', `no header ${name} at offset ${offset}`);
