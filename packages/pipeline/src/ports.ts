/**
 * What the loop needs of the world. Adapters: `packages/kafka`, `packages/redis`,
 * `packages/embedded`; one contract suite in `packages/testkit` holds them all to these words.
 */

import type { LossChange } from '@holdfast/domain/losses.ts';

/** Where a partition stands. State, aggregates and deltas are functions of it and nothing else. */
export interface Boundary {
  /** Offset of the first input record that is not folded yet. */
  readonly nextOffset: number;
  /** The instant up to which time has been folded, UTC ms. */
  readonly asOf: number;
}

// ---------------------------------------------------------------------------- input log

export interface InputRecord {
  readonly offset: number;
  /** The log's own timestamp, UTC ms. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

export interface InputBatch {
  readonly records: readonly InputRecord[];
  /** Where reading goes on after these records; past control records, too. */
  readonly nextOffset: number;
  /** One past the last offset of the partition as last seen. */
  readonly endOffset: number;
}

/** What identifies the log that offsets belong to; another one's offsets mean nothing here. */
export interface InputIdentity {
  /**
   * Cluster id, partition count and digest of the partition's first record, with slashes between
   * them; it ends in a slash before there is one.
   */
  readonly incarnation: string;
  readonly startOffset: number;
  readonly endOffset: number;
}

/** One owned partition of the input. One caller at a time. */
export interface PartitionInput {
  readonly partition: number;
  identify(): Promise<InputIdentity>;
  /** The next poll starts here. */
  seek(offset: number): void;
  /** The next records, at most one fetch; an empty batch when none arrive within `waitMs`. */
  poll(waitMs: number): Promise<InputBatch>;
}

export interface InputHandlers {
  /** This member owns the partition from now on. */
  readonly assigned: (input: PartitionInput) => void;
  /** This member owns it no more; polls that are waiting end empty. Resolve when work on it ended. */
  readonly revoked: (partition: number) => Promise<void>;
  /** The log can't go on by itself. */
  readonly failed: (error: Error) => void;
}

export interface InputSubscription {
  /** Leaves the group; `revoked` was called and awaited for every owned partition. */
  close(): Promise<void>;
}

export interface EventLog {
  readonly topic: string;
  subscribe(handlers: InputHandlers): Promise<InputSubscription>;
  /** How many partitions the topic has. */
  partitionCount(): Promise<number>;
}

// ---------------------------------------------------------------------------- output log

export type Headers = Readonly<Record<string, string>>;

export interface OutputRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** One object for all deltas of a step, so that whoever stores or sends them encodes it once. */
  readonly headers: Headers;
  /** The one header that a delta does not share. In the log it follows the others. */
  readonly sequence?: number | undefined;
}

/** What one commit sends, in one transaction. */
export interface OutputBatch {
  readonly deltas: readonly OutputRecord[];
  readonly deadLetters: readonly OutputRecord[];
}

/** One past the last offset that the log gave to each kind; as before where nothing was sent. */
export interface OutputPosition {
  readonly deltaOffset: number;
  readonly deadLetterOffset: number;
}

/** As the log gives it: `headers` are all that it has. */
export interface PublishedRecord extends Omit<OutputRecord, 'sequence'> {
  readonly offset: number;
}

/** One owned partition of both output topics, with a transactional producer of its own. */
export interface PartitionOutput {
  /**
   * Sends all of the batch or nothing, and resolves when readers of committed records see it.
   * Throws `output_unavailable` when nothing was written, `publish_in_doubt` when it can't tell
   * (throw this output away, open again, read the tail), `publish_fenced` when another owner's
   * producer took over.
   */
  publish(batch: OutputBatch): Promise<OutputPosition>;
  /** Committed deltas from the offset to the end of the log, in order, in pages. */
  readDeltas(fromOffset: number): AsyncIterable<readonly PublishedRecord[]>;
  /** Committed dead letters from the offset to the end of the log, in order, in pages. */
  readDeadLetters(fromOffset: number): AsyncIterable<readonly PublishedRecord[]>;
  /** Offsets one past the end of both logs, control records included. */
  end(): Promise<OutputPosition>;
  close(): Promise<void>;
}

/** Committed records of the output topics, for who publishes nothing. */
export interface OutputReader {
  /** From the offset to the end of the log, in order, in pages. */
  readDeltas(partition: number, fromOffset: number): AsyncIterable<readonly PublishedRecord[]>;
  readDeadLetters(partition: number, fromOffset: number): AsyncIterable<readonly PublishedRecord[]>;
  /** Null: there is none. */
  lastDelta(partition: number): Promise<PublishedRecord | null>;
}

export interface DeltaSink {
  /** The last committed delta of a partition, without fencing anyone; null: there is none. */
  lastDelta(partition: number): Promise<PublishedRecord | null>;
  /**
   * Whether someone's deltas of this partition are on their way, seen by nobody yet: who opens it now
   * undoes them.
   */
  isUnderWay(partition: number): Promise<boolean>;
  /** Fences whoever published to this partition before. */
  open(partition: number): Promise<PartitionOutput>;
}

// ---------------------------------------------------------------------------- projection store

/** One customer as stored. `value` is opaque to the store. */
export interface CustomerRow {
  readonly customerId: string;
  readonly value: string;
}

/** Customers that share one due entry. */
export interface DueGroup {
  readonly group: string;
  readonly rows: readonly CustomerRow[];
}

/** What a partition's state says of itself. */
export interface PartitionMeta {
  /** Identity of the input log that the boundary belongs to; empty before the first commit. */
  readonly incarnation: string;
  readonly policyHash: string;
  /** Raised by every claim; a writer of a lower one is fenced. */
  readonly epoch: number;
  readonly commitNumber: number;
  readonly commitId: string;
  readonly boundary: Boundary;
  /** Not later than the next instant at which an aggregate changes by itself; null: never. */
  readonly firstDue: number | null;
  /** The sequence the next delta gets. */
  readonly nextSequence: number;
  /** Every outbox entry up to this commit number is in the output log. */
  readonly publishedCommit: number;
  /** Where the output logs stood after `publishedCommit`. */
  readonly output: OutputPosition;
  /** True once the end offset seen at this claim was reached; every claim makes it false. */
  readonly caughtUp: boolean;
  /** The input's end offset as last seen. */
  readonly inputEnd: number;
  /** Greatest timestamp of the input's records so far, UTC ms; 0 before the first. */
  readonly lastRecordAt: number;
}

/** What `commit` writes, all of it or nothing. */
export interface Commit {
  readonly epoch: number;
  /** The number of the last commit + 1. */
  readonly number: number;
  /** Random, so that a resend is told from another writer's commit with the same number. */
  readonly id: string;
  /** Identity of the input log, as in `PartitionMeta`. */
  readonly incarnation: string;
  readonly boundary: Boundary;
  /** Customers whose state changed, with the due of each (null: never). */
  readonly customers: readonly (CustomerRow & { readonly due: number | null })[];
  /** Due groups that were read whole: their due is set, before the customers' own lower it. */
  readonly dueGroups: readonly { readonly group: string; readonly due: number | null }[];
  /** Changed aggregate rows, absolute; null removes the row. */
  readonly aggregates: readonly (readonly [key: string, value: string | null])[];
  /** Losses of single customers that changed. */
  readonly losses: readonly LossChange[];
  /** Changed counters, absolute. */
  readonly counters: readonly (readonly [name: string, value: number])[];
  /** What is to be published for this commit; null: nothing. */
  readonly outbox: Uint8Array | null;
  readonly nextSequence: number;
  /** Outbox entries up to this commit number are dropped. */
  readonly publishedCommit: number;
  readonly output: OutputPosition;
  readonly caughtUp: boolean;
  readonly inputEnd: number;
  readonly lastRecordAt: number;
}

/**
 * - `applied`: everything is written.
 * - `already`: this very commit had been written before.
 * - `fenced`: a later epoch owns the partition; give it up.
 * - `reclaim`: the store went back in time or is another one; forget all and claim again.
 * - `clock`: the as-of lies more than a second beyond the store's own clock.
 */
export type CommitAnswer = 'applied' | 'already' | 'fenced' | 'reclaim' | 'clock';

export interface CommitOutcome {
  readonly answer: CommitAnswer;
  /** The partition's first due after an applied or already applied commit; null: none. */
  readonly firstDue: number | null;
}

export interface ClaimOptions {
  readonly policyHash: string;
  /** The clock is not the wall's: the store must not hold the as-of against its own. */
  readonly simulatedClock: boolean;
}

export interface ClaimedPartition {
  readonly meta: PartitionMeta;
  readonly aggregates: ReadonlyMap<string, string>;
  readonly counters: ReadonlyMap<string, number>;
  /** Entries not known to be published, ascending by commit number. */
  readonly outbox: readonly { readonly number: number; readonly entry: Uint8Array }[];
}

/**
 * One claimed partition of the store. Calls are made one at a time, in order. What a later owner
 * wrote lies in the future of whom it fenced, so reading throws as well when the claim is broken:
 * `fenced` when a later epoch owns the partition, `store_unavailable` when the store went back.
 */
export interface PartitionStore {
  /** Rows of those that exist, in any order. */
  readCustomers(customerIds: readonly string[]): Promise<readonly CustomerRow[]>;
  /** Groups whose due is not after `upTo`, by due; `skip` of them left out. */
  readDue(upTo: number, skip: number, limit: number): Promise<readonly DueGroup[]>;
  commit(commit: Commit): Promise<CommitOutcome>;
  /**
   * Sets the due of groups that a committed tick has dealt with, between commits only; a due that a
   * commit has lowered since its group was read stays. Answers the partition's first due after it.
   */
  setDue(
    groups: readonly { readonly group: string; readonly due: number | null }[],
  ): Promise<number | null>;
  /** Every customer, in pages; for the auditor and tests. */
  scanCustomers(): AsyncIterable<readonly CustomerRow[]>;
  /** Forgets the partition's state but not its epoch, for folding again from the log. */
  discard(): Promise<void>;
}

export interface ProjectionStore {
  claim(
    partition: number,
    options: ClaimOptions,
  ): Promise<ClaimedPartition & { readonly store: PartitionStore }>;
  /**
   * The generation that was promoted while the partition had nothing to say; null: none. Means
   * nothing once there is a delta, for the log says then who is live.
   */
  promoted(partition: number): Promise<string | null>;
  setPromoted(partition: number, generation: string): Promise<void>;
}

/** A partition as the exporter sees it: one consistent read. */
export interface PartitionView {
  readonly partition: number;
  readonly meta: PartitionMeta;
  readonly aggregates: ReadonlyMap<string, string>;
  readonly counters: ReadonlyMap<string, number>;
  /** The greatest loss of one customer by window, minor units; windows without a loss are left out. */
  readonly largestLosses: ReadonlyMap<string, number>;
}

/** A boundary all of whose deltas are in the output log. */
export interface PublishedBoundary extends Boundary {
  /** Of the last delta that belongs to it; -1 before the first. */
  readonly sequence: number;
}

/** A customer beside the due entry that it is found by. */
export interface StoredCustomer extends CustomerRow {
  readonly due: number | null;
}

/** Some customers of a partition, in one consistent look. */
export interface CustomerPage {
  readonly boundary: Boundary;
  readonly rows: readonly StoredCustomer[];
}

/** Reads customers without a claim, while their owner goes on. */
export interface CustomerReader {
  /**
   * Every customer that was there when reading began, at least once; boundaries never go back.
   * Throws `store_unavailable` where the partition's state is being forgotten.
   */
  readPages(partition: number): AsyncIterable<CustomerPage>;
}

export interface ProjectionReader {
  /** One view for each partition of the topic; null where none was ever claimed. */
  readViews(): Promise<readonly (PartitionView | null)[]>;
  /**
   * The newest boundary of each partition that readers of its deltas can rely on, as far as the
   * store knows; null where it can't tell.
   */
  readPublished(): Promise<readonly (PublishedBoundary | null)[]>;
}

// ---------------------------------------------------------------------------- time, errors

export interface Clock {
  /** UTC ms. */
  now(): number;
  /** True for a fixed or faster clock. */
  readonly simulated: boolean;
  /** Resolves after so many real milliseconds, or at once when the signal is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}
