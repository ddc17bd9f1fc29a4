/**
 * What the records of a partition come to, folded from the first one at one instant: customers,
 * the ledger of what is in force, and what became of each record. The measure that an audit holds
 * the store and the logs to; never reads either.
 */

import { admit } from '@holdfast/domain/admit.ts';
import { type Change, changesByRecord } from '@holdfast/domain/changes.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { type FoldResult, fold } from '@holdfast/domain/fold.ts';
import { isRejection, type Rejection } from '@holdfast/domain/rejection.ts';
import { offset } from '@holdfast/domain/scalars.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { InputRecord } from '@holdfast/pipeline/ports.ts';
import { readBatch } from '@holdfast/pipeline/read-change.ts';

/** One change, with the record that brought it. */
export interface Said {
  readonly change: Change;
  readonly knownAt: number;
  readonly eventId: string;
  readonly offset: number;
}

export interface Scratch {
  /** Folds the next record. `isDead`: it lies in the dead letters and has no part in anything. */
  fold(record: InputRecord, isDead: boolean): Promise<Folded>;
  readonly customers: ReadonlyMap<string, Customer>;
}

export interface Folded {
  /** Null for a record that is dead. */
  readonly result: FoldResult | null;
  /** Why it must be dead at this instant; null where it may live. */
  readonly rejected: Rejection | null;
  readonly said: readonly Said[];
}

export const foldFromScratch = (machine: Machine, partition: number, asOf: number): Scratch => {
  const { rules } = machine;
  const customers = new Map<string, Customer>();
  return {
    customers,
    fold: async (record, isDead) => {
      const nextOffset = record.offset + 1;
      const batch = { records: [record], nextOffset, endOffset: nextOffset };
      const { records } = await readBatch(machine, partition, batch);
      const change = records[0]!.change;
      const admitted = isRejection(change) ? change : admit(rules, change, asOf);
      if (isRejection(admitted)) return { result: null, rejected: admitted, said: [] };
      if (isDead) return { result: null, rejected: null, said: [] };
      const before = customers.get(admitted.customerId) ?? null;
      const folded = fold(rules, before, admitted, offset(record.offset), asOf);
      customers.set(admitted.customerId, folded.customer);
      const { knownAt } = folded.customer;
      const { eventId } = admitted;
      const said = changesByRecord(rules, before, folded, asOf).map((one) => ({
        change: one,
        knownAt,
        eventId,
        offset: record.offset,
      }));
      return { result: folded.result, rejected: null, said };
    },
  };
};
