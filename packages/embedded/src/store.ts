/**
 * The projection store in this process: the default of the demo and of unit tests. Forgets all
 * when the process ends. Can be put back to an earlier state, as a failover to a replica that
 * lagged behind does to Redis.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type {
  Clock,
  PartitionMeta,
  ProjectionReader,
  ProjectionStore,
} from '@holdfast/pipeline/ports.ts';
import { publishedBoundary } from '@holdfast/pipeline/published-boundary.ts';
import { embeddedPartition } from './store-partition.ts';
import { copyOf, nothingFolded, type PartitionState } from './store-state.ts';

export interface EmbeddedStoreOptions {
  /** How many partitions the input has. */
  readonly partitions: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** All partitions at one moment. */
export type StoreSnapshot = ReadonlyMap<number, PartitionState>;

export interface EmbeddedStore {
  readonly store: ProjectionStore;
  readonly reader: ProjectionReader;
  snapshot(): StoreSnapshot;
  /** Everything is as it was at the snapshot, and no claim made so far stands. */
  failOver(to: StoreSnapshot): void;
}

const metaOf = ({ epoch, policyHash, folded }: PartitionState): PartitionMeta => ({
  incarnation: folded.incarnation,
  policyHash,
  epoch,
  commitNumber: folded.commitNumber,
  commitId: folded.commitId,
  boundary: folded.boundary,
  firstDue: folded.dues.least(),
  nextSequence: folded.nextSequence,
  publishedCommit: folded.publishedCommit,
  output: folded.output,
  caughtUp: folded.caughtUp,
  inputEnd: folded.inputEnd,
  lastRecordAt: folded.lastRecordAt,
});

const largestOf = (
  losses: ReadonlyMap<string, ReadonlyMap<string, number>>,
): ReadonlyMap<string, number> =>
  new Map(
    [...losses].map(([window, of]) => [
      window,
      of.values().reduce((largest, loss) => Math.max(largest, loss), 0),
    ]),
  );

const copies = (of: Iterable<readonly [number, PartitionState]>): Map<number, PartitionState> =>
  new Map([...of].map(([partition, state]) => [partition, copyOf(state)]));

export const embeddedStore = ({ partitions, clock }: EmbeddedStoreOptions): EmbeddedStore => {
  let states = new Map<number, PartitionState>();
  let run = Symbol('run');
  const promoted = new Map<number, string>();

  const store: ProjectionStore = {
    claim: async (partition, { policyHash, simulatedClock }) => {
      const state = states.get(partition) ?? {
        policyHash,
        epoch: 0,
        simulatedClock,
        folded: nothingFolded(),
      };
      if (state.policyHash !== policyHash) {
        throw new HoldfastError(
          'policy_changed',
          `partition ${partition} was built with ${state.policyHash}, policy and fold now are ${policyHash}`,
        );
      }
      states.set(partition, state);
      state.epoch += 1;
      state.simulatedClock = simulatedClock;
      const { folded } = state;
      folded.caughtUp = false;
      const host = { state: () => states.get(partition), run: () => run, now: () => clock.now() };
      return {
        meta: metaOf(state),
        aggregates: new Map(folded.aggregates),
        counters: new Map(folded.counters),
        outbox: [...folded.outbox].map(([number, entry]) => ({ number, entry })),
        store: embeddedPartition(host, { epoch: state.epoch, run }),
      };
    },
    promoted: async (partition) => promoted.get(partition) ?? null,
    setPromoted: async (partition, generation) => {
      promoted.set(partition, generation);
    },
  };

  const reader: ProjectionReader = {
    readViews: async () =>
      Array.from({ length: partitions }, (_, partition) => {
        const state = states.get(partition);
        if (state === undefined) return null;
        return {
          partition,
          meta: metaOf(state),
          aggregates: new Map(state.folded.aggregates),
          counters: new Map(state.folded.counters),
          largestLosses: largestOf(state.folded.losses),
        };
      }),
    readPublished: async () =>
      Array.from({ length: partitions }, (_, partition) => {
        const state = states.get(partition);
        if (state === undefined) return null;
        return publishedBoundary(metaOf(state), state.folded.outbox.values());
      }),
  };

  return {
    store,
    reader,
    snapshot: () => copies(states),
    failOver: (to) => {
      states = copies(to);
      run = Symbol('run');
    },
  };
};
