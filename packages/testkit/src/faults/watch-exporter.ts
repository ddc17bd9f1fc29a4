/**
 * Whenever the exporter would show figures, they are those that folding from scratch gives at that
 * instant for the records that the partitions have folded.
 */

import { sumRows } from '@holdfast/domain/aggregates.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import type { PartitionView } from '@holdfast/pipeline/ports.ts';
import { snapshotOf } from '@holdfast/pipeline/snapshot.ts';
import { figuresOf } from '../audit/figures.ts';
import { foldFromScratch, type Scratch } from '../audit/fold-from-scratch.ts';
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

  const customersOf = async ({ partition, meta }: PartitionView): Promise<Iterable<Customer>> => {
    const { nextOffset } = meta.boundary;
    const dead = deadIn(meta.commitId);
    const key = `${partition} ${[...dead]}`;
    const known = prefixes.get(key);
    const prefix =
      known !== undefined && known.nextOffset <= nextOffset
        ? known
        : { scratch: foldFromScratch(machine, partition, END_OF_TIME), nextOffset: 0 };
    const { records } = logs[partition]!.read(prefix.nextOffset, HELD_RECORDS);
    for (const record of records) {
      if (record.offset < nextOffset) await prefix.scratch.fold(record, dead.has(record.offset));
    }
    prefix.nextOffset = nextOffset;
    prefixes.set(key, prefix);
    return prefix.scratch.customers.values();
  };

  return {
    timesWhole: () => timesWhole,
    look: async (now) => {
      const views = await store.reader.readViews();
      const state = snapshotOf(seen(views), now);
      if (state.kind !== 'whole') return;
      timesWhole += 1;
      const { asOf, rows } = state.snapshot;
      const customers: Customer[] = [];
      for (const view of views) customers.push(...(await customersOf(view as PartitionView)));
      const found = sorted(rows);
      const wanted = sorted(sumRows([figuresOf(machine.rules, customers, asOf)]));
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
