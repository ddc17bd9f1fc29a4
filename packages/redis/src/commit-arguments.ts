/**
 * Lays a commit out as `lua/commit-8.lua` takes it: customers grouped by bucket, so that a bucket
 * is written by one command, and the dues of its customers as one.
 */

import type { Commit } from '@holdfast/pipeline/ports.ts';
import { bucketing, customerHash } from './buckets.ts';
import type { Argument } from './connection.ts';
import { lossMember } from './loss-member.ts';
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

/** What one bucket gets. */
interface Bucketful {
  readonly texts: string[];
  /** The least due of its customers. */
  due: number | null;
}

const bucketfulOf = (buckets: Map<number, Bucketful>, bucket: number): Bucketful => {
  const known = buckets.get(bucket);
  if (known !== undefined) return known;
  const fresh = { texts: [], due: null };
  buckets.set(bucket, fresh);
  return fresh;
};

/** Buckets, the due of each and its texts. Texts too many for one command go on in another list. */
const listsOf = (
  buckets: ReadonlyMap<number, Bucketful>,
): readonly [numbers: string[], dues: string[], lists: Packed[]] => {
  const numbers: string[] = [];
  const dues: string[] = [];
  const lists: Packed[] = [];
  for (const [bucket, { texts, due }] of buckets) {
    for (let at = 0; at < texts.length; at += MOST_IN_COMMAND) {
      numbers.push(String(bucket));
      dues.push(due === null ? '' : String(due));
      lists.push(texts.length <= MOST_IN_COMMAND ? texts : texts.slice(at, at + MOST_IN_COMMAND));
    }
  }
  return [numbers, dues, lists];
};

/** The packed argument of `lua/read-customers-3.lua`, and the ids in the order of its answer. */
export const customersArgument = (
  ids: readonly string[],
  buckets: number,
): { readonly argument: Buffer; readonly order: readonly string[] } => {
  const bucketFor = bucketing(buckets);
  const found = new Map<number, Bucketful>();
  for (const id of ids) bucketfulOf(found, bucketFor(customerHash(id))).texts.push(id);
  const order: string[] = [];
  for (const { texts } of found.values()) for (const id of texts) order.push(id);
  const [numbers, , lists] = listsOf(found);
  return { argument: pack([numbers, lists]), order };
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

/** Members of the sorted set of losses: those that come, and those that go. */
const lossesArgument = (
  losses: Commit['losses'],
): readonly [added: string[], removed: string[]] => {
  const added: string[] = [];
  const removed: string[] = [];
  for (const { window, customerId, before, after } of losses) {
    if (before !== 0) removed.push(lossMember(window, before, customerId));
    if (after !== 0) added.push(lossMember(window, after, customerId));
  }
  return [added, removed];
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
  const bucketFor = bucketing(bucketsAfter);
  const buckets = new Map<number, Bucketful>();
  const large: string[] = [];
  for (const { customerId, value, due } of commit.customers) {
    const bucketful = bucketfulOf(buckets, bucketFor(customerHash(customerId)));
    if (isLarge(value)) {
      large.push(customerId, value);
      bucketful.texts.push(customerId, '');
    } else bucketful.texts.push(customerId, value);
    // Written so that what is no number gets through, and is refused.
    if (due !== null && (bucketful.due === null || !(due >= bucketful.due))) bucketful.due = due;
  }
  const lowered = new Map<number, number>();
  for (const [bucket, { due }] of buckets) if (due !== null) lowered.set(bucket, due);

  const [dueSet, dueRemoved] = duesArgument(dueGroups);
  const aggregates: string[] = [];
  const aggregatesRemoved: string[] = [];
  for (const [key, value] of commit.aggregates) {
    if (value === null) aggregatesRemoved.push(key);
    else aggregates.push(key, value);
  }
  const counters = commit.counters.flatMap(([name, value]) => [name, String(value)]);
  const rows = pack([
    ...listsOf(buckets),
    large,
    dueSet,
    dueRemoved,
    aggregates,
    aggregatesRemoved,
    counters,
    ...lossesArgument(commit.losses),
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
