/** The input, folded from its first record: every one of them lives in the state or is dead. */

import type { Customer } from '@holdfast/domain/customer.ts';
import { sameBytes } from '@holdfast/pipeline/bytes.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { Boundary, InputRecord } from '@holdfast/pipeline/ports.ts';
import type { DeadLetter, DeadLetters } from './audit-dead-letters.ts';
import type { Prove } from './finding.ts';
import { type Folded, foldFromScratch } from './fold-from-scratch.ts';
import { entryOfChange, keepLedger, type Ledger } from './ledger.ts';

/** What the input comes to. */
export interface FoldedInput {
  readonly records: number;
  readonly customers: ReadonlyMap<string, Customer>;
  readonly ledger: Ledger;
  /** Totals of records by what became of them, by the names of the pipeline's counters. */
  readonly counters: ReadonlyMap<string, number>;
}

export const auditInput = async (
  machine: Machine,
  partition: number,
  boundary: Boundary,
  input: AsyncIterable<readonly InputRecord[]>,
  dead: DeadLetters,
  prove: Prove,
): Promise<FoldedInput> => {
  const scratch = foldFromScratch(machine, partition, boundary.asOf);
  const ledger = keepLedger(prove);
  const counters = new Map<string, number>();
  const add = (name: string): void => {
    counters.set(name, (counters.get(name) ?? 0) + 1);
  };
  let records = 0;
  let died = 0;
  for await (const page of input) {
    for (const record of page) {
      if (record.offset >= boundary.nextOffset) continue;
      const letter = dead.get(record.offset);
      const folded = await scratch.fold(record, letter !== undefined);
      proveFate(prove, record, letter, folded);
      records += 1;
      if (letter === undefined) {
        add(`events:${folded.result}`);
      } else {
        died += 1;
        add('events:dead_letter');
        add(`dead_letters:${letter.reason}`);
      }
      for (const said of folded.said) ledger.take(entryOfChange(machine.rules, said.change, said));
    }
  }
  prove(
    died === dead.size,
    'dead_letter',
    () => `${dead.size} dead letters, of which ${died} are of records before the boundary`,
  );
  return { records, customers: scratch.customers, ledger: ledger.entries, counters };
};

/** A record may have been too far ahead of the time at which it was read, and not be any more. */
const DEPENDS_ON_TIME = 'bad_instant';

const proveFate = (
  prove: Prove,
  record: InputRecord,
  letter: DeadLetter | undefined,
  { rejected }: Folded,
): void => {
  const { offset } = record;
  if (letter === undefined) {
    prove(rejected === null, 'missing', () => `neither folded nor dead: ${rejected?.message}`, {
      offset,
    });
    return;
  }
  prove(
    letter.reason === DEPENDS_ON_TIME || letter.reason === rejected?.rejected,
    'dead_letter',
    () => `dead for ${letter.reason}; want ${rejected?.rejected ?? 'it alive'}`,
    { offset },
  );
  prove(
    sameBytes(letter.key, record.key) && sameBytes(letter.value, record.value),
    'dead_letter',
    () => 'its dead letter holds other bytes',
    { offset },
  );
};
