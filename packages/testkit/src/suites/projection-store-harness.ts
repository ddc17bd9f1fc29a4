/** What the contract suite of projection stores needs of a store, and a writer to drive it with. */

import type {
  ClaimedPartition,
  Commit,
  CommitOutcome,
  CustomerRow,
  PartitionStore,
  PartitionView,
  ProjectionReader,
  ProjectionStore,
} from '@holdfast/pipeline/ports.ts';

export interface ProjectionStoreHarness {
  readonly store: ProjectionStore;
  /** The same projection through the eyes of another process. */
  readonly other: ProjectionStore;
  /** Sees partitions 0 and 1. */
  readonly reader: ProjectionReader;
  /** The store's own time, UTC ms. */
  now(): Promise<number>;
  /** Remembers all that is stored; the result puts it back, as a lagging copy would have it. */
  remember(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A harness over an empty projection. */
export type MakeHarness = () => Promise<ProjectionStoreHarness>;

export const POLICY = 'policy-1';

/** What a commit says besides what every commit must; the rest goes on from the last one. */
export type Change = Partial<Omit<Commit, 'epoch'>>;

/** An owner of a partition that numbers its commits and remembers where it stands. */
export interface Writer {
  readonly claimed: ClaimedPartition;
  readonly store: PartitionStore;
  /** The commit that would come next. */
  next(change: Change): Commit;
  /** Sends it; goes on from it if it was applied. */
  send(commit: Commit): Promise<CommitOutcome>;
  /** `send(next(change))`, which must be applied. */
  commit(change: Change): Promise<CommitOutcome>;
}

let ids = 0;

export const claim = async (
  store: ProjectionStore,
  partition = 0,
  { simulatedClock = false, policyHash = POLICY } = {},
): Promise<Writer> => {
  const claimed = await store.claim(partition, { policyHash, simulatedClock });
  const { meta } = claimed;
  let last: Commit = {
    ...meta,
    number: meta.commitNumber,
    id: meta.commitId,
    customers: [],
    dueGroups: [],
    aggregates: [],
    losses: [],
    counters: [],
    outbox: null,
  };
  const writer: Writer = {
    claimed,
    store: claimed.store,
    next: (change) => ({
      ...last,
      number: last.number + 1,
      id: `commit-${++ids}`,
      customers: [],
      dueGroups: [],
      aggregates: [],
      losses: [],
      counters: [],
      outbox: null,
      ...change,
    }),
    send: async (commit) => {
      const outcome = await claimed.store.commit(commit);
      if (outcome.answer === 'applied') last = commit;
      return outcome;
    },
    commit: async (change) => {
      const outcome = await writer.send(writer.next(change));
      if (outcome.answer !== 'applied') throw new Error(`the commit was ${outcome.answer}`);
      return outcome;
    },
  };
  return writer;
};

export const row = (customerId: string, value: string, due: number | null = null) => ({
  customerId,
  value,
  due,
});

export const valuesOf = (rows: Iterable<CustomerRow>): Record<string, string> =>
  Object.fromEntries([...rows].map(({ customerId, value }) => [customerId, value]));

export const allCustomers = async (store: PartitionStore): Promise<readonly CustomerRow[]> => {
  const rows: CustomerRow[] = [];
  for await (const page of store.scanCustomers()) rows.push(...page);
  return rows;
};

/** Customers of the groups due at the instant or before, read in pages. */
export const dueCustomers = async (
  store: PartitionStore,
  upTo: number,
  page = 100,
): Promise<{ readonly groups: readonly string[]; readonly rows: readonly CustomerRow[] }> => {
  const groups: string[] = [];
  const rows: CustomerRow[] = [];
  for (;;) {
    const read = await store.readDue(upTo, groups.length, page);
    for (const each of read) {
      groups.push(each.group);
      rows.push(...each.rows);
    }
    if (read.length < page) return { groups, rows };
  }
};

export const viewOf = async (
  { reader }: ProjectionStoreHarness,
  partition = 0,
): Promise<PartitionView> => {
  const view = (await reader.readViews())[partition];
  if (view === null || view === undefined) throw new Error(`partition ${partition} has no view`);
  return view;
};

/** All that can be seen of a partition without claiming it; equal before and after means unchanged. */
export const everything = async (harness: ProjectionStoreHarness, store: PartitionStore) => ({
  view: await viewOf(harness),
  customers: valuesOf(await allCustomers(store)),
  due: (await dueCustomers(store, Number.MAX_SAFE_INTEGER)).groups,
});
