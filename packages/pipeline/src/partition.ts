/** What a worker holds in memory of the partition it has claimed. */

import type { ChangeCodec, DeltaCodec } from '@holdfast/contracts/codec.ts';
import type { Aggregates } from '@holdfast/domain/aggregates.ts';
import type { Losses } from '@holdfast/domain/losses.ts';
import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import type { Moment, Rules } from '@holdfast/domain/rules.ts';
import type { Counters } from './counters.ts';
import type { CustomerCache } from './customer-cache.ts';
import type { Commit, OutputPosition, PartitionStore } from './ports.ts';

/** What all partitions of a process share. */
export interface Machine {
  readonly rules: Rules;
  readonly changes: ChangeCodec;
  readonly deltas: DeltaCodec;
  readonly topic: string;
  readonly generation: string;
  /** The partition that the configured partitioner chooses for a key. */
  readonly partitionFor: (key: Uint8Array) => number;
  /** Due entries that one commit sets at most; more would hold up the store. */
  readonly maxDueGroups?: number;
}

/**
 * State as of the last commit that was applied. A step changes aggregates, losses, counters and cache in
 * place; when its commit is not applied all of this is thrown away and claimed again.
 */
export interface Partition {
  readonly partition: number;
  readonly store: PartitionStore;
  readonly epoch: number;
  readonly aggregates: Aggregates;
  readonly losses: Losses;
  readonly counters: Counters;
  readonly cache: CustomerCache;
  /** The input's end when it was claimed: before it figures are not whole. */
  readonly claimedEnd: number;
  incarnation: string;
  commitNumber: number;
  nextOffset: number;
  moment: Moment;
  firstDue: number | null;
  nextSequence: number;
  lastRecordAt: number;
  inputEnd: number;
  caughtUp: boolean;
  /** Offsets from the next one on that the dead-letter topic holds already, and why: they stay dead. */
  readonly dead: Map<number, RejectionReason>;
  /** The last commit whose deltas the log has acknowledged, and where the log stood then. */
  acknowledged: { readonly commit: number; readonly output: OutputPosition };
  /** The acknowledgement that the store knows of. */
  storedAcknowledgement: number;
}

/** Memory follows the store. */
export function apply(
  partition: Partition,
  { commit, moment }: { readonly commit: Commit; readonly moment: Moment },
  firstDue: number | null,
): void {
  partition.firstDue = firstDue;
  partition.commitNumber = commit.number;
  partition.nextOffset = commit.boundary.nextOffset;
  partition.moment = moment;
  partition.nextSequence = commit.nextSequence;
  partition.lastRecordAt = commit.lastRecordAt;
  partition.inputEnd = commit.inputEnd;
  partition.caughtUp = commit.caughtUp;
  partition.storedAcknowledgement = commit.publishedCommit;
}
