/**
 * The published log is ahead of the store, or tells another story: the state is forgotten and
 * folded again from the input, silently up to the boundary before the last published commit, then
 * that commit itself, whose deltas must equal the published ones byte for byte.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import { DEAD_LETTER_HEADERS, HEADERS, numberHeader, sequenceOf } from './headers.ts';
import { compareTail, type OutputTail } from './output-tail.ts';
import { apply, type Machine, type Partition } from './partition.ts';
import type {
  Boundary,
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

export interface FoldAgain {
  readonly machine: Machine;
  readonly input: PartitionInput;
  /** Of an empty state, freshly claimed. */
  readonly partition: Partition;
  /** All dead letters that the log holds, and deltas at least from the last published commit on. */
  readonly tail: OutputTail;
  readonly newId: () => string;
  /** Aborted when the partition is given up: folding ends with an error. */
  readonly signal: AbortSignal;
}

const POLL_MS = 1_000;

/** Brings the partition to the end of the last published commit; answers what of it is unpublished. */
export async function foldAgain(tools: FoldAgain): Promise<OutputBatch> {
  const { partition, tail } = tools;
  for (const letter of tail.deadLetters) {
    const offset = numberHeader(letter, DEAD_LETTER_HEADERS.offset);
    const reason = letter.headers[DEAD_LETTER_HEADERS.reason];
    if (offset !== undefined) partition.dead.set(offset, reason as RejectionReason);
  }
  const last = lastPublished(tail.deltas);
  if (last === null) return { deltas: [], deadLetters: [] };
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
  let batch = nothing(partition);
  while (batch.nextOffset < last.to.nextOffset) {
    batch = await upTo(tools, last.to.nextOffset);
    records.push(...batch.records);
  }
  const said = await commit(tools, { ...batch, records }, last.to.asOf, false);
  const published = { ...tail, deltas: last.deltas, deadLetters: [] };
  const verdict = compareTail(published, [said]);
  if (verdict.kind === 'diverged') {
    throw new HoldfastError('refold_mismatch', `partition ${partition.partition}, ${verdict.at}`);
  }
  return verdict.rest[0] as OutputBatch;
}

/** Dead letters that the log holds already are not said again, so `said` has new ones only. */
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
    const code = answer === 'fenced' ? 'fenced' : 'store_unavailable';
    throw new HoldfastError(code, `a commit of folding again was answered ${answer}`);
  }
  apply(partition, next, firstDue);
  if (next.dueLater.length > 0) partition.firstDue = await partition.store.setDue(next.dueLater);
  partition.cache.trim();
  // Time stands still while records are folded, so that a deferred step has only moved time.
  return next.deferred
    ? commit({ machine, partition, newId } as FoldAgain, batch, asOf, silent)
    : next.publish;
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

function lastPublished(deltas: readonly PublishedRecord[]): LastPublished | null {
  const last = deltas.at(-1);
  if (last === undefined) return null;
  const of = (record: PublishedRecord, name: string): number => {
    const value = numberHeader(record, name);
    if (value !== undefined) return value;
    throw new HoldfastError('output_unreadable', `no header ${name} at offset ${record.offset}`);
  };
  const boundary = (record: PublishedRecord): string =>
    JSON.stringify(
      [HEADERS.fromOffset, HEADERS.fromAsOf, HEADERS.nextOffset, HEADERS.asOf].map((name) =>
        of(record, name),
      ),
    );
  const own = deltas.filter((delta) => boundary(delta) === boundary(last));
  const first = own[0] as PublishedRecord;
  return {
    from: { nextOffset: of(last, HEADERS.fromOffset), asOf: of(last, HEADERS.fromAsOf) },
    to: { nextOffset: of(last, HEADERS.nextOffset), asOf: of(last, HEADERS.asOf) },
    firstSequence: sequenceOf(first) as number,
    deltas: own,
  };
}
