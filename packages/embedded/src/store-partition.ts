/**
 * One claimed partition in this process. Every customer is a due group of its own. Keeps the words
 * of the port as Redis does, also those about epochs, so that what works here works there.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Commit, CommitAnswer, PartitionStore } from '@holdfast/pipeline/ports.ts';
import { checkCommit, checkDues, checkWhole } from './store-check.ts';
import { nothingFolded, type PartitionState } from './store-state.ts';

export interface Claim {
  readonly epoch: number;
  /** The life of the store it was made in: in another one it may be lost and its epoch given anew. */
  readonly run: symbol;
}

/** The store as the partition sees it: restoring it replaces both. */
export interface Host {
  /** What is stored now; undefined where nothing is. */
  readonly state: () => PartitionState | undefined;
  readonly run: () => symbol;
  /** UTC ms. */
  readonly now: () => number;
}

const CLOCK_AHEAD_MS = 1000;
const CUSTOMERS_A_PAGE = 1000;

export const embeddedPartition = (host: Host, claim: Claim): PartitionStore => {
  /** Customers committed since they were last read by their due: that due is the newer one. */
  const committedSinceRead = new Set<string>();

  /** The state while the claim stands, otherwise the answer. */
  const standing = (epoch: number): PartitionState | 'fenced' | 'reclaim' => {
    const state = host.state();
    if (state !== undefined && state.epoch > epoch) return 'fenced';
    if (state === undefined || state.epoch < epoch) return 'reclaim';
    return host.run() === claim.run ? state : 'reclaim';
  };

  /** The state while the claim stands. Throws `fenced` or `store_unavailable`. */
  const owned = (): PartitionState => {
    const state = standing(claim.epoch);
    if (state === 'fenced') throw new HoldfastError('fenced', 'the partition was claimed again');
    if (state === 'reclaim') {
      throw new HoldfastError('store_unavailable', 'the store went back in time; claim it again');
    }
    return state;
  };

  const setDues = (
    { folded }: PartitionState,
    groups: readonly { readonly group: string; readonly due: number | null }[],
  ): void => {
    for (const { group, due } of groups) {
      if (!committedSinceRead.has(group)) folded.dues.set(group, due);
    }
  };

  const write = (state: PartitionState, commit: Commit): void => {
    const { folded } = state;
    setDues(state, commit.dueGroups);
    for (const { customerId, value, due } of commit.customers) {
      folded.customers.set(customerId, value);
      // A group of one: its due is the customer's, exactly.
      folded.dues.set(customerId, due);
      committedSinceRead.add(customerId);
    }
    for (const [key, value] of commit.aggregates) {
      if (value === null) folded.aggregates.delete(key);
      else folded.aggregates.set(key, value);
    }
    for (const { window, customerId, after } of commit.losses) {
      const ofWindow = folded.losses.get(window) ?? new Map<string, number>();
      if (after === 0) ofWindow.delete(customerId);
      else ofWindow.set(customerId, after);
      if (ofWindow.size === 0) folded.losses.delete(window);
      else folded.losses.set(window, ofWindow);
    }
    for (const [name, value] of commit.counters) folded.counters.set(name, value);
    if (commit.outbox !== null) folded.outbox.set(commit.number, new Uint8Array(commit.outbox));
    for (const number of folded.outbox.keys()) {
      if (number <= commit.publishedCommit) folded.outbox.delete(number);
    }
    folded.incarnation = commit.incarnation;
    folded.commitNumber = commit.number;
    folded.commitId = commit.id;
    folded.boundary = commit.boundary;
    folded.nextSequence = commit.nextSequence;
    folded.publishedCommit = commit.publishedCommit;
    folded.output = commit.output;
    folded.caughtUp = commit.caughtUp;
    folded.inputEnd = commit.inputEnd;
    folded.lastRecordAt = commit.lastRecordAt;
  };

  const tryCommit = (commit: Commit): CommitAnswer => {
    checkWhole(commit.epoch, 'epoch');
    checkWhole(commit.number, 'number');
    const state = standing(commit.epoch);
    if (typeof state === 'string') return state;
    const { folded } = state;
    if (folded.commitNumber === commit.number && folded.commitId === commit.id) return 'already';
    if (folded.commitNumber !== commit.number - 1) return 'reclaim';
    if (!state.simulatedClock && commit.boundary.asOf > host.now() + CLOCK_AHEAD_MS) return 'clock';
    checkCommit(folded, commit);
    write(state, commit);
    return 'applied';
  };

  const firstDue = (): number | null => host.state()?.folded.dues.least() ?? null;

  return {
    readCustomers: async (customerIds) => {
      const { customers } = owned().folded;
      return customerIds.flatMap((customerId) => {
        const value = customers.get(customerId);
        return value === undefined ? [] : [{ customerId, value }];
      });
    },

    readDue: async (upTo, skip, limit) => {
      const { folded } = owned();
      return folded.dues
        .upTo(upTo)
        .slice(skip, skip + limit)
        .map((customerId) => {
          committedSinceRead.delete(customerId);
          const value = folded.customers.get(customerId);
          return { group: customerId, rows: value === undefined ? [] : [{ customerId, value }] };
        });
    },

    commit: async (commit) => {
      const answer = tryCommit(commit);
      const isStored = answer === 'applied' || answer === 'already';
      return { answer, firstDue: isStored ? firstDue() : null };
    },

    setDue: async (groups) => {
      checkDues(groups);
      const state = standing(claim.epoch);
      // A broken claim is told by the next commit; dues that stay as they were do no harm.
      if (typeof state !== 'string') setDues(state, groups);
      return firstDue();
    },

    scanCustomers: async function* () {
      const rows = [...(host.state()?.folded.customers ?? [])].map(([customerId, value]) => ({
        customerId,
        value,
      }));
      for (let from = 0; from < rows.length; from += CUSTOMERS_A_PAGE) {
        yield rows.slice(from, from + CUSTOMERS_A_PAGE);
      }
    },

    discard: async () => {
      owned().folded = nothingFolded();
      committedSinceRead.clear();
    },
  };
};
