/**
 * What the records of a partition come to, folded from the first one: customers, everything that
 * is said of them, and what became of each record. The measure that store and logs are held to;
 * never reads either. Customers are kept as the store keeps them, which is small.
 */

import { admit } from '@holdfast/domain/admit.ts';
import { type Change, changesByRecord, changesByTime } from '@holdfast/domain/changes.ts';
import type { Customer, RecordCause } from '@holdfast/domain/customer.ts';
import { decodeCustomer, encodeCustomer } from '@holdfast/domain/customer-state.ts';
import { type FoldResult, fold } from '@holdfast/domain/fold.ts';
import { isRejection, type Rejection } from '@holdfast/domain/rejection.ts';
import { offset } from '@holdfast/domain/scalars.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { InputRecord } from '@holdfast/pipeline/ports.ts';
import { readChange } from '@holdfast/pipeline/read-change.ts';

/** Takes what is said of customers, in the order in which it is said. */
export type Say = (change: Change, cause: RecordCause) => void;

export interface ScratchCustomer {
  /** As `encodeCustomer` writes it. */
  value: string;
  /** Up to where everything that came due was said, UTC ms. */
  saidUpTo: number;
  /** A mark for whoever goes through a store and asks what it lacks. */
  seen: boolean;
}

export interface Scratch {
  /** In the order of their first records. */
  readonly customers: ReadonlyMap<string, ScratchCustomer>;
  /**
   * Folds the next record at an instant, not before the last one. `isDead`: it lies in the dead
   * letters for good and has no part in anything.
   */
  fold(record: InputRecord, asOf: number, isDead: boolean): Promise<Folded>;
  /** Says what came due until the instant, and hands every customer over. */
  settle(asOf: number, each: (customer: Customer) => void): void;
}

export interface Folded {
  /** Null for a record that is dead. */
  readonly result: FoldResult | null;
  /** Why it must be dead at this instant; null where it may live. */
  readonly rejected: Rejection | null;
}

export const foldFromScratch = (machine: Machine, partition: number, say: Say): Scratch => {
  const { rules } = machine;
  const customers = new Map<string, ScratchCustomer>();

  const sayDue = (customer: Customer, after: number, upTo: number): void => {
    if (upTo <= after) return;
    for (const { change, cause } of changesByTime(rules, customer, after, upTo)) say(change, cause);
  };

  return {
    customers,
    fold: async (record, asOf, isDead) => {
      const change = await readChange(machine, partition, record);
      const admitted = isRejection(change) ? change : admit(rules, change, asOf);
      if (isRejection(admitted)) return { result: null, rejected: admitted };
      if (isDead) return { result: null, rejected: null };
      const { customerId, eventId, source } = admitted;
      const known = customers.get(customerId);
      const before = known === undefined ? null : decodeCustomer(customerId, known.value);
      if (known !== undefined && before !== null) sayDue(before, known.saidUpTo, asOf);
      const at = offset(record.offset);
      const folded = fold(rules, before, admitted, at, asOf);
      const { knownAt } = folded.customer;
      for (const one of changesByRecord(rules, before, folded, asOf)) {
        say(one, { eventId, source, offset: at, knownAt });
      }
      const value = encodeCustomer(folded.customer);
      if (known === undefined) customers.set(customerId, { value, saidUpTo: asOf, seen: false });
      else Object.assign(known, { value, saidUpTo: asOf });
      return { result: folded.result, rejected: null };
    },
    settle: (asOf, each) => {
      for (const [customerId, one] of customers) {
        const customer = decodeCustomer(customerId, one.value);
        sayDue(customer, one.saidUpTo, asOf);
        one.saidUpTo = Math.max(one.saidUpTo, asOf);
        each(customer);
      }
    },
  };
};
