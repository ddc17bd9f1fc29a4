/**
 * Lays a commit out as `lua/commit-7.lua` takes it: customers grouped by bucket, so that a bucket
 * is written by one command, and the dues of its customers as one.
 */

import type { Commit, CustomerRow } from '@holdfast/pipeline/ports.ts';
import { bucketOf, customerHash } from './buckets.ts';
import type { Argument } from './connection.ts';
import { type Packed, pack } from './pack.ts';
import { LARGEST_IN_BUCKET } from './server-check.ts';

/** The most strings that one command takes inside a script, and a little less. */
const MOST_IN_COMMAND = 4000;
/** The most UTF-8 bytes that one UTF-16 unit takes. */
const MOST_BYTES_A_UNIT = 3;

export interface Due {
  readonly group: string;
  readonly due: number | null;
}

/** The outbox entry as the commit sees it. */
export interface EntryPlace {
  /** -1: there is none. */
  readonly chunks: number;
  /** Bytes written ahead; 0: the entry goes with the commit. */
  readonly bytesAhead: number;
  readonly inline: Uint8Array | null;
}

const isLarge = (value: string): boolean =>
  value === '' ||
  (value.length * MOST_BYTES_A_UNIT > LARGEST_IN_BUCKET &&
    Buffer.byteLength(value) > LARGEST_IN_BUCKET);

/** Bucket, list; repeated. A list that would be too long for one command goes on in another. */
const byBucket = (lists: ReadonlyMap<number, readonly string[]>): Packed[] => {
  const groups: Packed[] = [];
  for (const [bucket, list] of lists) {
    for (let at = 0; at < list.length; at += MOST_IN_COMMAND) {
      groups.push(
        String(bucket),
        list.length <= MOST_IN_COMMAND ? list : list.slice(at, at + MOST_IN_COMMAND),
      );
    }
  }
  return groups;
};

const append = (lists: Map<number, string[]>, bucket: number, ...texts: readonly string[]) => {
  const list = lists.get(bucket);
  if (list === undefined) lists.set(bucket, [...texts]);
  else list.push(...texts);
};

/** The packed argument of `lua/read-customers-2.lua`, and the ids in the order of its answer. */
export const customersArgument = (
  ids: readonly string[],
  buckets: number,
): { readonly argument: Buffer; readonly order: readonly string[] } => {
  const lists = new Map<number, string[]>();
  for (const id of ids) append(lists, bucketOf(customerHash(id), buckets), id);
  return { argument: pack(byBucket(lists)), order: [...lists.values()].flat() };
};

/** Flat pairs of due and bucket, and the buckets without one. */
export const duesArgument = (
  groups: readonly Due[],
): readonly [set: string[], removed: string[]] => {
  const set: string[] = [];
  const removed: string[] = [];
  for (const { group, due } of groups) {
    if (due === null) removed.push(group);
    else set.push(String(due), group);
  }
  return [set, removed];
};

/** The least due of the rows in each bucket. */
const leastDues = (commit: Commit, buckets: number): ReadonlyMap<number, number> => {
  const dues = new Map<number, number>();
  for (const { customerId, due } of commit.customers) {
    if (due === null) continue;
    const bucket = bucketOf(customerHash(customerId), buckets);
    const least = dues.get(bucket);
    // Written so that what is no number gets through, and is refused.
    if (least === undefined || !(due >= least)) dues.set(bucket, due);
  }
  return dues;
};

export interface CommitLayout {
  readonly bucketsBefore: number;
  readonly bucketsAfter: number;
}

export const commitArguments = (
  commit: Commit,
  dueGroups: readonly Due[],
  { bucketsBefore, bucketsAfter }: CommitLayout,
  entry: EntryPlace,
): { readonly args: readonly Argument[]; readonly lowered: ReadonlyMap<number, number> } => {
  const customers = new Map<number, string[]>();
  const large: string[] = [];
  const put = ({ customerId, value }: CustomerRow): void => {
    const bucket = bucketOf(customerHash(customerId), bucketsAfter);
    if (isLarge(value)) {
      large.push(customerId, value);
      append(customers, bucket, customerId, '');
    } else append(customers, bucket, customerId, value);
  };
  for (const row of commit.customers) put(row);

  const [dueSet, dueRemoved] = duesArgument(dueGroups);
  const lowered = leastDues(commit, bucketsAfter);
  const dueLowered = [...lowered].flatMap(([bucket, due]) => [String(due), String(bucket)]);
  const aggregates: string[] = [];
  const aggregatesRemoved: string[] = [];
  for (const [key, value] of commit.aggregates) {
    if (value === null) aggregatesRemoved.push(key);
    else aggregates.push(key, value);
  }
  const counters = commit.counters.flatMap(([name, value]) => [name, String(value)]);
  const rows = pack([
    byBucket(customers),
    large,
    dueSet,
    dueRemoved,
    dueLowered,
    aggregates,
    aggregatesRemoved,
    counters,
  ]);
  return {
    args: [
      commit.incarnation,
      String(commit.boundary.nextOffset),
      String(commit.boundary.asOf),
      String(commit.nextSequence),
      String(commit.publishedCommit),
      String(commit.output.deltaOffset),
      String(commit.output.deadLetterOffset),
      commit.caughtUp ? '1' : '0',
      String(commit.inputEnd),
      String(commit.lastRecordAt),
      String(bucketsBefore),
      String(bucketsAfter),
      String(entry.chunks),
      String(entry.bytesAhead),
      entry.inline === null
        ? ''
        : Buffer.from(entry.inline.buffer, entry.inline.byteOffset, entry.inline.byteLength),
      rows,
    ],
    lowered,
  };
};
