/**
 * The published log is ahead of the store, or tells another story: the state is forgotten and
 * folded again from the input, silently up to the boundary before the last published commit, then
 * that commit itself, whose deltas must equal the published ones byte for byte.
 */

import { type ErrorCode, HoldfastError } from '@holdfast/domain/errors.ts';
import { compareTail, type Remaining } from './output-tail.ts';
import { apply, type Machine, type Partition } from './partition.ts';
import type {
  Commit,
  CommitAnswer,
  InputBatch,
  InputRecord,
  OutputBatch,
  PartitionInput,
  PublishedRecord,
} from './ports.ts';
import type { PublishedLog } from './published-log.ts';
import { readableBatch } from './read-change.ts';
import { step } from './step.ts';

export interface FoldAgain {
  readonly machine: Machine;
  readonly input: PartitionInput;
  /** Of an empty state, freshly claimed, that knows who is dead. */
  readonly partition: Partition;
  readonly published: PublishedLog;
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

/** Brings the partition to the end of the last published commit; what of it the log does not hold. */
export async function foldAgain(tools: FoldAgain): Promise<Remaining> {
  const { partition } = tools;
  const { last, deadLetterOffset } = tools.published;
  if (last === null) {
    return { rest: NOTHING, reached: { deltaOffset: 0, deadLetterOffset } };
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
    return { rest: NOTHING, reached: { deltaOffset, deadLetterOffset } };
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
  return verdict.remaining[0] as Remaining;
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
