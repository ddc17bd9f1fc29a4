/**
 * One claimed partition in Redis. Remembers what is cheap to remember and sure while the claim
 * stands: how many buckets there are, which customers were looked for in vain, and which buckets
 * got an earlier due since they were read. Nothing here decides what is committed: that is the
 * script's.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type {
  Commit,
  CommitAnswer,
  CommitOutcome,
  CustomerRow,
  DueGroup,
  PartitionStore,
} from '@holdfast/pipeline/ports.ts';
import { bucketsFor } from './buckets.ts';
import {
  commitArguments,
  customersArgument,
  type Due,
  duesArgument,
  type EntryPlace,
} from './commit-arguments.ts';
import type { Argument, RedisConnection } from './connection.ts';
import { brokenClaim, type Claim, discardPartition, wentBack } from './discard.ts';
import { allKeys, type PartitionKeys } from './keys.ts';
import { pack } from './pack.ts';
import { list, number, text } from './reply.ts';
import { dueOf, rowsOf, unpackedList } from './rows.ts';
import { SCRIPTS, type Script } from './scripts.ts';

/** What the store held when it was claimed. */
export interface ClaimedAt {
  readonly commitNumber: number;
  readonly buckets: number;
  readonly customers: number;
}

/** Bounds on a script, so that Redis is not held up for long: some 20 ms each. */
const CUSTOMERS_A_READ = 5_000;
const DUE_GROUPS_A_WRITE = 2_000;
const BUCKETS_A_PAGE = 100;
/** A larger outbox entry is written ahead in pieces of this size. */
const CHUNK_BYTES = 512 * 1024;
/** How many ids looked for in vain are remembered; forgetting them only makes a split late. */
const MOST_ABSENT = 200_000;

const ANSWERS: ReadonlyMap<string, CommitAnswer> = new Map([
  ['APPLIED', 'applied'],
  ['ALREADY', 'already'],
  ['FENCED', 'fenced'],
  ['RECLAIM', 'reclaim'],
  ['CLOCK', 'clock'],
]);

const answerOf = (word: string): CommitAnswer => {
  const answer = ANSWERS.get(word);
  if (answer === undefined) throw new HoldfastError('store_corrupt', `Redis answered ${word}`);
  return answer;
};

export const partitionStore = (
  redis: RedisConnection,
  keys: PartitionKeys,
  claim: Claim,
  at: ClaimedAt,
): PartitionStore => {
  const claimant = [claim.id, claim.runId];
  let commitNumber = at.commitNumber;
  /** Null after a commit whose answer is not known. */
  let size: { buckets: number; customers: number } | null = at;
  const absent = new Set<string>();
  /** Least due that commits gave a bucket since it was last read whole. */
  const loweredSinceRead = new Map<number, number>();

  /** Null where Redis does not know the partition any more: it came back empty. */
  const knownSize = async (): Promise<{ buckets: number; customers: number } | null> => {
    if (size === null) {
      const [buckets, customers] = list(await redis.run(SCRIPTS.readSize, [keys.meta], []));
      if (buckets === null) return null;
      size = {
        buckets: number(text(buckets), 'buckets'),
        customers: number(text(customers), 'customers'),
      };
    }
    return size;
  };

  const sizeNow = async (): Promise<{ buckets: number; customers: number }> => {
    const known = await knownSize();
    if (known === null) throw wentBack(keys);
    return known;
  };

  /** Never later than a due that was committed after the rows were read. */
  const notLater = (groups: readonly Due[]): readonly Due[] =>
    groups.map(({ group, due }) => {
      const lowered = loweredSinceRead.get(Number(group));
      const isLater = lowered !== undefined && (due === null || due > lowered);
      return { group, due: isLater ? lowered : due };
    });

  /** Answers what ended the attempt; null when all of the entry waits for its commit. */
  const writeAhead = async (commit: Commit, entry: Buffer): Promise<CommitAnswer | null> => {
    for (let chunk = 0; chunk * CHUNK_BYTES < entry.length; chunk += 1) {
      const piece = entry.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
      const answer = text(
        await redis.run(
          SCRIPTS.writeAhead,
          [keys.meta, keys.outbox],
          [
            String(commit.epoch),
            ...claimant,
            String(commit.number),
            commit.id,
            String(chunk),
            piece,
          ],
        ),
      );
      if (answer !== 'AHEAD') return answerOf(answer);
    }
    return null;
  };

  const commitWith = async (commit: Commit, entry: EntryPlace): Promise<CommitOutcome> => {
    const known = await knownSize();
    if (known === null) return { answer: 'reclaim', firstDue: null };
    const { buckets, customers } = known;
    let added = 0;
    if (absent.size > 0) {
      for (const { customerId } of commit.customers) if (absent.has(customerId)) added += 1;
    }
    const layout = {
      bucketsBefore: buckets,
      bucketsAfter: Math.max(buckets, bucketsFor(customers + added)),
    };
    const { args, lowered } = commitArguments(commit, notLater(commit.dueGroups), layout, entry);
    // Before the answer, because a commit without one may have been applied.
    for (const [bucket, due] of lowered) {
      const known = loweredSinceRead.get(bucket);
      if (known === undefined || due < known) loweredSinceRead.set(bucket, due);
    }
    size = null;
    const reply = list(
      await redis.run(SCRIPTS.commit, allKeys(keys), [
        String(commit.epoch),
        ...claimant,
        String(commit.number),
        commit.id,
        ...args,
      ]),
    );
    const answer = answerOf(text(reply[0]));
    if (answer === 'applied' || answer === 'already') {
      commitNumber = commit.number;
      size = {
        buckets: number(text(reply[1]), 'buckets'),
        customers: number(text(reply[2]), 'customers'),
      };
      if (absent.size > 0) {
        for (const { customerId } of commit.customers) absent.delete(customerId);
      }
    }
    return { answer, firstDue: dueOf(reply[3]) };
  };

  /** The answer of a script that reads only while the claim stands. */
  const readUnderClaim = async (
    script: Script,
    readKeys: readonly string[],
    args: readonly Argument[],
  ): Promise<unknown> => {
    const reply = list(
      await redis.run(
        script,
        [keys.meta, ...readKeys],
        [String(claim.epoch), ...claimant, ...args],
      ),
    );
    const answer = text(reply[0]);
    if (answer !== 'READ') throw brokenClaim(keys, answer);
    return reply[1];
  };

  return {
    readCustomers: async (customerIds) => {
      const { buckets } = await sizeNow();
      const calls: Promise<readonly CustomerRow[]>[] = [];
      for (let from = 0; from < customerIds.length; from += CUSTOMERS_A_READ) {
        const ids = customerIds.slice(from, from + CUSTOMERS_A_READ);
        const { argument, order } = customersArgument(ids, buckets);
        calls.push(
          (async () => {
            const reply = await readUnderClaim(
              SCRIPTS.readCustomers,
              [keys.large, keys.buckets],
              [argument],
            );
            const values = unpackedList(reply);
            const rows: CustomerRow[] = [];
            for (const [place, customerId] of order.entries()) {
              const value = values[place];
              if (typeof value === 'string') rows.push({ customerId, value });
              else if (absent.size < MOST_ABSENT) absent.add(customerId);
            }
            return rows;
          })(),
        );
      }
      return (await Promise.all(calls)).flat();
    },

    readDue: async (upTo, skip, limit) => {
      const reply = await readUnderClaim(
        SCRIPTS.readDue,
        [keys.due, keys.large, keys.buckets],
        [String(upTo), String(skip), String(limit)],
      );
      const flat = unpackedList(reply);
      const groups: DueGroup[] = [];
      for (let each = 0; each < flat.length; each += 2) {
        const group = String(flat[each]);
        loweredSinceRead.delete(Number(group));
        groups.push({ group, rows: rowsOf(flat[each + 1]) });
      }
      return groups;
    },

    commit: async (commit) => {
      const { outbox } = commit;
      if (outbox === null) return commitWith(commit, { chunks: -1, bytesAhead: 0, inline: null });
      if (outbox.byteLength <= CHUNK_BYTES) {
        return commitWith(commit, { chunks: 1, bytesAhead: 0, inline: outbox });
      }
      const entry = Buffer.from(outbox.buffer, outbox.byteOffset, outbox.byteLength);
      const ended = await writeAhead(commit, entry);
      // A commit that happened already says so itself, with the due after it.
      if (ended !== null && ended !== 'already') return { answer: ended, firstDue: null };
      const chunks = Math.ceil(entry.length / CHUNK_BYTES);
      return commitWith(commit, { chunks, bytesAhead: entry.length, inline: null });
    },

    setDue: async (groups) => {
      const dues = notLater(groups);
      let firstDue: number | null = null;
      for (let from = 0; from === 0 || from < dues.length; from += DUE_GROUPS_A_WRITE) {
        const argument = pack(duesArgument(dues.slice(from, from + DUE_GROUPS_A_WRITE)));
        const reply = list(
          await redis.run(
            SCRIPTS.setDue,
            [keys.meta, keys.due],
            [String(claim.epoch), ...claimant, String(commitNumber), argument],
          ),
        );
        firstDue = dueOf(reply[1]);
        // The claim is broken: dues stay as they were, which is early and does no harm, and the
        // next commit says what happened.
        if (text(reply[0]) !== 'SET') break;
      }
      return firstDue;
    },

    scanCustomers: async function* () {
      for (let bucket = 0; bucket < (await sizeNow()).buckets; bucket += BUCKETS_A_PAGE) {
        const end = Math.min(bucket + BUCKETS_A_PAGE, (await sizeNow()).buckets);
        const reply = await redis.run(
          SCRIPTS.readBuckets,
          [keys.large, keys.buckets],
          [String(bucket), String(end)],
        );
        const rows = unpackedList(reply).flatMap(rowsOf);
        if (rows.length > 0) yield rows;
      }
    },

    discard: async () => {
      size = null;
      absent.clear();
      loweredSinceRead.clear();
      await discardPartition(redis, keys, claim, commitNumber);
      commitNumber = 0;
    },
  };
};
