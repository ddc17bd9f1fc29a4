/** A bug on purpose: what a process is given, with one thing in it wrong. */

import type {
  ClaimedPartition,
  DeltaSink,
  PartitionOutput,
  PartitionStore,
  ProjectionStore,
} from '@holdfast/pipeline/ports.ts';
import type { WorkerTools } from '@holdfast/pipeline/worker.ts';
import type { Seams } from '@holdfast/testkit/faults/world.ts';

export interface PlantedBug {
  /** What the code does wrong. */
  readonly name: string;
  readonly seams: Seams;
}

type Claimed = ClaimedPartition & { readonly store: PartitionStore };

/** Each claim's store is another one. */
export const changedStore = (
  tools: WorkerTools,
  change: (claimed: Claimed, partition: number) => Claimed,
): WorkerTools => {
  const store: ProjectionStore = {
    ...tools.store,
    claim: async (partition, options) =>
      change(await tools.store.claim(partition, options), partition),
  };
  return { ...tools, store };
};

/** Each claim's store does one thing otherwise. */
export const withStore = (
  name: string,
  change: (store: PartitionStore, tools: WorkerTools, partition: number) => Partial<PartitionStore>,
): PlantedBug => ({
  name,
  seams: {
    tools: (tools) =>
      changedStore(tools, ({ store, ...claimed }, partition) => ({
        ...claimed,
        store: { ...store, ...change(store, tools, partition) },
      })),
  },
});

/** Each opened output does one thing otherwise. */
export const withOutput = (
  name: string,
  change: (output: PartitionOutput, sink: DeltaSink, partition: number) => Partial<PartitionOutput>,
): PlantedBug => ({
  name,
  seams: {
    tools: (tools) => ({
      ...tools,
      sink: {
        ...tools.sink,
        open: async (partition) => {
          const output = await tools.sink.open(partition);
          return { ...output, ...change(output, tools.sink, partition) };
        },
      },
    }),
  },
});
