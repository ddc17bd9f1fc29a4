/** Everything that looks on while a simulated world lives, and cries out at the first wrong thing. */

import type { PartitionView } from '@holdfast/pipeline/ports.ts';
import type { WorkerEnd } from '@holdfast/pipeline/worker.ts';
import type { OutputWatch } from './simulated-output.ts';
import type { StoreWatch } from './simulated-store.ts';
import type { Truth } from './truth.ts';
import { watchDead } from './watch-dead.ts';
import { watchExporter } from './watch-exporter.ts';
import { watchFenced } from './watch-fenced.ts';
import { watchOrder } from './watch-order.ts';

export interface Watches {
  readonly store: StoreWatch;
  readonly output: OutputWatch;
  readonly ended: (partition: number, how: WorkerEnd) => void;
  /** How often the exporter had figures to show, all of them right. */
  readonly timesWhole: () => number;
}

/** What the exporter reads, perhaps changed by a planted bug. */
export type SeenViews = (
  views: readonly (PartitionView | null)[],
) => readonly (PartitionView | null)[];

export const watches = (
  truth: Truth,
  now: () => number,
  seen: SeenViews,
  fail: (error: unknown) => void,
): Watches => {
  const order = watchOrder();
  const dead = watchDead();
  const fenced = watchFenced();
  const exporter = watchExporter(truth, dead.in, seen);

  const watched = (look: () => void): void => {
    try {
      look();
    } catch (error) {
      fail(error);
    }
  };

  return {
    store: {
      claimed: (partition) => fenced.taken('store', partition),
      committing: async (partition, commit) => {
        const before = (await truth.store.reader.readViews())[partition];
        return () => {
          order.committed(partition, commit);
          const published = truth.sink.deadLetters(partition);
          if (before) watched(() => dead.committed(before, commit, published));
        };
      },
      changed: () => exporter.look(now()).catch(fail),
    },
    output: {
      opened: (partition) => fenced.taken('output', partition),
      published: (partition, batch) => watched(() => order.published(partition, batch)),
    },
    ended: (partition, how) => watched(() => fenced.ended(partition, how)),
    timesWhole: exporter.timesWhole,
  };
};
