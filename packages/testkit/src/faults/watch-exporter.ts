/**
 * Whenever the exporter would show figures, they are those that folding from scratch gives at that
 * instant for the records that the partitions have folded.
 */

import { sumRows } from '@holdfast/domain/aggregates.ts';
import type { PartitionView } from '@holdfast/pipeline/ports.ts';
import { snapshotOf } from '@holdfast/pipeline/snapshot.ts';
import { type Sum, sumAt } from '@holdfast/replay/audit/figures.ts';
import { foldFromScratch, type Scratch } from '@holdfast/replay/audit/scratch.ts';
import type { Truth } from './truth.ts';

export interface ExporterWatch {
  /** Throws where a figure is wrong. */
  look(now: number): Promise<void>;
  /** How often there was something to show. */
  readonly timesWhole: () => number;
}

/** What the records before an offset come to. */
interface Prefix {
  readonly scratch: Scratch;
  nextOffset: number;
}

/** Nothing is too far ahead of this instant: who is dead is told. */
const END_OF_TIME = 253_402_300_799_999;
const HELD_RECORDS = 10_000;

export const watchExporter = (
  { machine, logs, store }: Truth,
  deadIn: (commitId: string) => ReadonlySet<number>,
  seen: (views: readonly (PartitionView | null)[]) => readonly (PartitionView | null)[],
): ExporterWatch => {
  const prefixes = new Map<string, Prefix>();
  let timesWhole = 0;

  const addCustomers = async ({ partition, meta }: PartitionView, sum: Sum): Promise<void> => {
    const { nextOffset } = meta.boundary;
    const dead = deadIn(meta.commitId);
    const key = `${partition} ${[...dead]}`;
    const known = prefixes.get(key);
    const prefix =
      known !== undefined && known.nextOffset <= nextOffset
        ? known
        : { scratch: foldFromScratch(machine, partition, () => undefined), nextOffset: 0 };
    const { records } = logs[partition]!.read(prefix.nextOffset, HELD_RECORDS);
    for (const record of records) {
      if (record.offset >= nextOffset) continue;
      await prefix.scratch.fold(record, END_OF_TIME, dead.has(record.offset));
    }
    prefix.nextOffset = nextOffset;
    prefixes.set(key, prefix);
    prefix.scratch.settle(END_OF_TIME, sum.add);
  };

  return {
    timesWhole: () => timesWhole,
    look: async (now) => {
      const views = await store.reader.readViews();
      const state = snapshotOf(seen(views), now);
      if (state.kind !== 'whole') return;
      timesWhole += 1;
      const { asOf, rows } = state.snapshot;
      const sum = sumAt(machine.rules, asOf);
      for (const view of views) await addCustomers(view as PartitionView, sum);
      const found = sorted(rows);
      const wanted = sorted(sumRows([sum.figures().aggregates]));
      if (found !== wanted) {
        throw new Error(
          `the exporter shows at ${asOf}:\n${found}\nfolding from scratch:\n${wanted}`,
        );
      }
    },
  };
};

const sorted = (rows: readonly object[]): string =>
  rows
    .map((row) => JSON.stringify(row))
    .sort()
    .join('\n');
