/**
 * Folds a partition into a generation that is not live, in silence: nothing is published, and what
 * the topics hold is only read. Goes on where an earlier rebuild of the same generation ended, and
 * fences any that still runs. The way back to an earlier generation is the same: its state is
 * folded on from where it was left.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import { checkInput, claimedPartition } from '@holdfast/pipeline/claim.ts';
import { commitFolded } from '@holdfast/pipeline/fold-again.ts';
import { DEAD_LETTER_HEADERS, numberHeader } from '@holdfast/pipeline/headers.ts';
import { liveGeneration } from '@holdfast/pipeline/live.ts';
import type { Machine, Partition } from '@holdfast/pipeline/partition.ts';
import type {
  Boundary,
  Clock,
  Commit,
  InputBatch,
  OutputReader,
  PartitionInput,
  ProjectionStore,
} from '@holdfast/pipeline/ports.ts';
import { splitBatch } from '@holdfast/pipeline/worker.ts';

export interface RebuildTools {
  readonly machine: Machine;
  readonly store: ProjectionStore;
  readonly reader: OutputReader;
  readonly clock: Clock;
  readonly policyHash: string;
  readonly cacheCapacity: number;
  readonly batchRecords: number;
  /** Random; a commit's identity. */
  readonly newId: () => string;
  /** So many records were folded. */
  readonly folded: (records: number) => void;
}

export interface Rebuild {
  boundary(): Boundary;
  /** Folds what lies before the boundary; time does not go back where that lies earlier. */
  foldTo(to: Boundary): Promise<void>;
}

const POLL_MS = 1_000;

/** Claims the partition. Throws `generation_live` where there is nothing to rebuild. */
export async function openRebuild(tools: RebuildTools, input: PartitionInput): Promise<Rebuild> {
  const { machine, store, reader, clock, policyHash, cacheCapacity } = tools;
  const at = input.partition;
  const checkNotLive = async (): Promise<void> => {
    if ((await liveGeneration(reader, store, at)) !== machine.generation) return;
    throw new HoldfastError(
      'generation_live',
      `partition ${at} is generation ${machine.generation}'s`,
    );
  };
  // Before the claim, which would fence who lives; and after it, for whoever promotes claims as well.
  await checkNotLive();
  const claimed = await store.claim(at, { policyHash, simulatedClock: clock.simulated });
  await checkNotLive();
  const identity = await input.identify();
  checkInput(at, claimed.meta, identity);
  const partition = claimedPartition(machine, claimed, identity, at, cacheCapacity);
  input.seek(partition.nextOffset);
  let lettersRead = 0;

  const readLetters = async (): Promise<void> => {
    for await (const page of reader.readDeadLetters(at, lettersRead)) {
      for (const letter of page) {
        lettersRead = letter.offset + 1;
        const offset = numberHeader(letter, DEAD_LETTER_HEADERS.offset);
        const reason = letter.headers[DEAD_LETTER_HEADERS.reason];
        if (offset === undefined || offset < partition.nextOffset) continue;
        partition.dead.set(offset, reason as RejectionReason);
      }
    }
  };

  const commit = async (batch: InputBatch, asOf: number): Promise<void> => {
    await commitFolded({ machine, partition, newId: tools.newId }, batch, asOf, true, unsaid);
    tools.folded(batch.records.length);
  };

  return {
    boundary: () => boundaryOf(partition),
    foldTo: async (to) => {
      const asOf = Math.max(to.asOf, partition.moment.asOf);
      await readLetters();
      while (partition.nextOffset < to.nextOffset) {
        let rest: InputBatch | null = await pollTo(input, to.nextOffset);
        while (rest !== null) {
          const [batch, later] = splitBatch(rest, tools.batchRecords);
          await commit(batch, asOf);
          rest = later;
        }
      }
      if (partition.moment.asOf < asOf) await commit(nothing(partition), asOf);
    },
  };
}

/** Whatever waits in an outbox is an earlier time's, and what is in force is published otherwise. */
const unsaid = (commit: Commit): Commit => ({
  ...commit,
  outbox: null,
  publishedCommit: commit.number,
});

const boundaryOf = ({ nextOffset, moment }: Partition): Boundary => ({
  nextOffset,
  asOf: moment.asOf,
});

const nothing = ({ nextOffset, inputEnd }: Partition): InputBatch => ({
  records: [],
  nextOffset,
  endOffset: inputEnd,
});

/** The next records before an offset; the input goes on at that offset. */
async function pollTo(input: PartitionInput, end: number): Promise<InputBatch> {
  const batch = await input.poll(POLL_MS);
  if (batch.nextOffset <= end) return batch;
  input.seek(end);
  const records = batch.records.filter(({ offset }) => offset < end);
  return { ...batch, records, nextOffset: end };
}
