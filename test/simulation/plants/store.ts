/** Bugs of a store, or of how the pipeline uses it. */

import { decodeOutboxEntry, encodeOutboxEntry } from '@holdfast/pipeline/outbox-entry.ts';
import type { Commit, CommitOutcome, PartitionStore } from '@holdfast/pipeline/ports.ts';
import type { WorkerTools } from '@holdfast/pipeline/worker.ts';
import { changedStore, type PlantedBug, withStore } from './planted-bug.ts';

const anyEpoch = withStore(
  'a commit is made whoever owns the partition (no epoch check)',
  (store, tools, partition) => {
    let standing = store;
    return {
      commit: async (commit) => {
        const outcome = await standing.commit(commit);
        if (outcome.answer !== 'fenced') return outcome;
        const again = await reclaimed(tools, partition);
        standing = again.store;
        return again.store.commit(again.as(commit));
      },
    };
  },
);

const remembers = withStore(
  'memory is not emptied when the store went back (a cached customer used after RECLAIM)',
  (store, tools, partition) => {
    let standing = store;
    return {
      commit: async (commit) => {
        const outcome = await standing.commit(commit);
        if (outcome.answer !== 'reclaim') return outcome;
        const again = await reclaimed(tools, partition);
        standing = again.store;
        return again.store.commit(again.as(commit));
      },
    };
  },
);

/** The same commit as the store would take it from a new claim. */
const reclaimed = async (
  { store, policyHash }: WorkerTools,
  partition: number,
): Promise<{ readonly store: PartitionStore; readonly as: (commit: Commit) => Commit }> => {
  const { meta, store: claimed } = await store.claim(partition, {
    policyHash,
    simulatedClock: false,
  });
  return {
    store: claimed,
    as: (commit) => ({
      ...commit,
      epoch: meta.epoch,
      number: meta.commitNumber + 1,
      id: `${commit.id} again`,
    }),
  };
};

const resentTwice = withStore('a resent commit is made a second time (no ALREADY)', (store) => ({
  commit: async (commit) => {
    const outcome = await store.commit(commit);
    if (outcome.answer !== 'already') return outcome;
    return store.commit({ ...commit, number: commit.number + 1, id: `${commit.id} again` });
  },
}));

const answering = (name: string, change: (outcome: CommitOutcome) => CommitOutcome): PlantedBug =>
  withStore(name, (store) => ({ commit: async (commit) => change(await store.commit(commit)) }));

const lostClaim = answering('a lost claim is taken for FENCED', (outcome) =>
  outcome.answer === 'reclaim' ? { ...outcome, answer: 'fenced' } : outcome,
);

const committing = (name: string, change: (commit: Commit) => Commit): PlantedBug =>
  withStore(name, (store) => ({ commit: (commit) => store.commit(change(commit)) }));

const lateDue = committing('the due entry of a customer is a second late', (commit) => ({
  ...commit,
  customers: commit.customers.map(({ due, ...row }) => ({
    ...row,
    due: due === null ? null : due + 1_000,
  })),
}));

const noDueAfterTick = committing('a tick leaves no due entry behind', (commit) => ({
  ...commit,
  dueGroups: commit.dueGroups.map(({ group }) => ({ group, due: null })),
}));

const outboxDropped = committing(
  'outbox entries are dropped before they are published',
  (commit) => ({ ...commit, publishedCommit: commit.number - 1 }),
);

const deadLettersApart = committing('dead letters are not in the same commit', (commit) => {
  if (commit.outbox === null) return commit;
  const { deltas } = decodeOutboxEntry(commit.outbox);
  const outbox = deltas.length === 0 ? null : encodeOutboxEntry({ deltas, deadLetters: [] });
  return { ...commit, outbox };
});

const rowsStay = committing('an aggregate row with nothing left in it is kept', (commit) => ({
  ...commit,
  aggregates: commit.aggregates.filter(([, value]) => value !== null),
}));

const tickedTwice = withStore('a customer is ticked twice', (store) => ({
  readDue: async (upTo, skip, limit) => {
    const groups = await store.readDue(upTo, skip, limit);
    return [...groups, ...groups.slice(0, 1)];
  },
}));

const sequencesRestart: PlantedBug = {
  name: 'sequences start again at a claim',
  seams: {
    tools: (tools) =>
      changedStore(tools, (claimed) => {
        const { nextSequence } = claimed.meta;
        const { commit } = claimed.store;
        return {
          ...claimed,
          meta: { ...claimed.meta, nextSequence: 0 },
          store: {
            ...claimed.store,
            // The store would refuse a sequence that goes back.
            commit: (next) =>
              commit({ ...next, nextSequence: Math.max(nextSequence, next.nextSequence) }),
          },
        };
      }),
  },
};

export const STORE_BUGS: readonly PlantedBug[] = [
  anyEpoch,
  remembers,
  resentTwice,
  lostClaim,
  lateDue,
  noDueAfterTick,
  outboxDropped,
  deadLettersApart,
  rowsStay,
  tickedTwice,
  sequencesRestart,
];
