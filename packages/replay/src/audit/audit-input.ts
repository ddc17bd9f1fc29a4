/** The input, folded from its first record: every one of them lives in the state or is dead. */

import type { Change } from '@holdfast/domain/changes.ts';
import type { RecordCause } from '@holdfast/domain/customer.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Rejection } from '@holdfast/domain/rejection.ts';
import { sameBytes } from '@holdfast/pipeline/bytes.ts';
import { fateOf } from '@holdfast/pipeline/fate.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { Boundary, InputRecord } from '@holdfast/pipeline/ports.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import { type Figures, sumAt } from './figures.ts';
import type { Prove } from './finding.ts';
import { entryOfChange, keepLedger, type Ledger } from './ledger.ts';
import { foldFromScratch, type ScratchCustomer } from './scratch.ts';

/** A record that is dead and has no letter that was seen. */
export interface Unlettered {
  readonly record: InputRecord;
  readonly rejection: Rejection;
}

export interface FoldedInput<Origin> {
  /** Everything up to here is folded. */
  readonly boundary: Boundary;
  readonly customers: ReadonlyMap<string, ScratchCustomer>;
  /** What is in force; whole once figures were taken. */
  readonly ledger: Ledger<Origin>;
  /** Totals of records by what became of them, by the names of the pipeline's counters. */
  readonly counters: ReadonlyMap<string, number>;
  readonly records: number;
  unlettered(): readonly Unlettered[];
  isDead(offset: number): boolean;
  /** The first record whose letter says something else: an earlier generation refused it, or none. */
  readonly disputed: { readonly offset: number; readonly message: string } | null;
  /** Folds the records before the boundary, at its as-of. Throws `store_unavailable` for one before. */
  advance(to: Boundary, records: AsyncIterable<readonly InputRecord[]>): Promise<void>;
  /** Aggregates and the least due at the boundary, from every customer. */
  figures(): Figures;
  /** Every dead record has its letter, also those whose letter came after it was folded. */
  proveLetters(): void;
}

export interface FoldInputOptions<Origin> {
  readonly machine: Machine;
  readonly partition: number;
  /** As far as they are read. */
  readonly letters: DeadLetters;
  /** What is kept of what is in force. */
  readonly originOf: (change: Change, cause: RecordCause) => Origin;
  readonly prove: Prove;
}

export const foldInput = <Origin>(options: FoldInputOptions<Origin>): FoldedInput<Origin> => {
  const { machine, partition, letters, originOf } = options;
  const prove: Prove = options.prove;
  const { rules } = machine;
  const ledger = keepLedger<Origin>(prove);
  const scratch = foldFromScratch(machine, partition, (change, cause) =>
    ledger.take(entryOfChange(rules, change, cause), originOf(change, cause)),
  );
  const counters = new Map<string, number>();
  const unlettered = new Map<number, Unlettered>();
  const dead = new Set<number>();
  let boundary: Boundary = { nextOffset: 0, asOf: 0 };
  let records = 0;
  let disputed: FoldedInput<Origin>['disputed'] = null;
  let lettered = 0;

  const add = (name: string): void => {
    counters.set(name, (counters.get(name) ?? 0) + 1);
  };

  const proveLetter = (record: InputRecord, letter: DeadLetter, fate: string | null): void => {
    const { offset } = record;
    prove(
      sameBytes(letter.key, record.key) && sameBytes(letter.value, record.value),
      'dead_letter',
      () => 'its dead letter holds other bytes',
      { offset },
    );
    lettered += 1;
    if (letter.reason === fate) return;
    const message = `dead for ${letter.reason}; want it ${fate === null ? 'alive' : `dead for ${fate}`}`;
    disputed ??= { offset, message };
  };

  const take = async (record: InputRecord, asOf: number): Promise<void> => {
    const letter = letters.byOffset.get(record.offset);
    // Decided once for both: whether it lives does not depend on whether it is folded.
    const folded = await scratch.fold(record, asOf, fateOf(letter?.reason, null) !== null);
    const fate = fateOf(letter?.reason, folded.rejected);
    records += 1;
    if (letter !== undefined) proveLetter(record, letter, fate);
    if (fate === null) {
      add(`events:${folded.result}`);
      return;
    }
    dead.add(record.offset);
    // Only the rules can kill a record that has no letter.
    const rejection = folded.rejected as Rejection;
    if (letter === undefined) unlettered.set(record.offset, { record, rejection });
    add('events:dead_letter');
    add(`dead_letters:${fate}`);
  };

  return {
    get boundary() {
      return boundary;
    },
    get records() {
      return records;
    },
    get disputed() {
      return disputed;
    },
    customers: scratch.customers,
    ledger: ledger.entries,
    counters,
    unlettered: () => [...unlettered.values()],
    isDead: (offset) => dead.has(offset),
    advance: async (to, pages) => {
      if (to.nextOffset < boundary.nextOffset || to.asOf < boundary.asOf) {
        const why = `partition ${partition} went back while it was read: it is folded again`;
        throw new HoldfastError('store_unavailable', why);
      }
      for await (const page of pages) {
        for (const record of page) {
          if (record.offset < boundary.nextOffset || record.offset >= to.nextOffset) continue;
          await take(record, to.asOf);
        }
      }
      boundary = to;
    },
    figures: () => {
      const sum = sumAt(rules, boundary.asOf);
      scratch.settle(boundary.asOf, sum.add);
      return sum.figures();
    },
    proveLetters: () => {
      for (const [offset, { record, rejection }] of unlettered) {
        const fate = rejection.rejected;
        const letter = letters.byOffset.get(offset);
        const where = { offset };
        prove(letter !== undefined, 'missing', () => `dead for ${fate}, without a letter`, where);
        proveLetter(record, letter, fate);
      }
      unlettered.clear();
      for (const offset of letters.byOffset.keys()) if (offset < boundary.nextOffset) lettered -= 1;
      prove(lettered === 0, 'dead_letter', () => `${-lettered} are of no record that was read`);
    },
  };
};
