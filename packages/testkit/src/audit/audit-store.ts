/** The store against folding from scratch: customers, due entries, aggregates, counters. */

import { dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { decodeCustomer, encodeCustomer } from '@holdfast/domain/customer-state.ts';
import { momentAt, type Rules } from '@holdfast/domain/rules.ts';
import type { CustomerRow, PartitionView } from '@holdfast/pipeline/ports.ts';
import type { FoldedInput } from './audit-input.ts';
import { figuresOf } from './figures.ts';
import type { Prove } from './finding.ts';

/** A customer beside the due entry that it is found by. */
export interface StoredCustomer extends CustomerRow {
  readonly due: number | null;
}

export const auditStore = async (
  rules: Rules,
  { meta, aggregates, counters }: PartitionView,
  stored: AsyncIterable<readonly StoredCustomer[]>,
  folded: FoldedInput,
  prove: Prove,
): Promise<void> => {
  const { asOf } = meta.boundary;
  const moment = momentAt(rules, asOf);
  let count = 0;
  let firstDue = Number.POSITIVE_INFINITY;
  for await (const page of stored) {
    for (const { customerId, value, due } of page) {
      const where = { customerId };
      const customer = folded.customers.get(customerId);
      prove(customer !== undefined, 'projection', () => 'no record names this customer', where);
      const found = comparable(decodeCustomer(customerId, value), asOf);
      const wanted = comparable(customer, asOf);
      prove(found === wanted, 'projection', () => `stored is ${found}; want ${wanted}`, where);
      const latest = dueAfter(rules, customer, moment) ?? Number.POSITIVE_INFINITY;
      prove(
        (due ?? Number.POSITIVE_INFINITY) <= latest,
        'due',
        () => `due at ${due ?? 'no time'}; want ${latest} at the latest`,
        where,
      );
      firstDue = Math.min(firstDue, latest);
      count += 1;
    }
  }
  const all = folded.customers.size;
  prove(count === all, 'projection', () => `${count} customers are stored; want ${all}`);
  prove(
    (meta.firstDue ?? Number.POSITIVE_INFINITY) <= firstDue,
    'due',
    () => `the first due is ${meta.firstDue}; want ${firstDue} at the latest`,
  );
  const figures = figuresOf(rules, folded.customers.values(), asOf);
  for (const key of new Set([...figures.keys(), ...aggregates.keys()])) {
    const [found, wanted] = [aggregates.get(key), figures.get(key)];
    prove(found === wanted, 'aggregate', () => `${key} is ${found}; want ${wanted}`);
  }
  for (const name of new Set([...folded.counters.keys(), ...counters.keys()])) {
    if (!COUNTS_RECORDS.test(name)) continue;
    const [found, wanted] = [counters.get(name) ?? 0, folded.counters.get(name) ?? 0];
    prove(found === wanted, 'counter', () => `${name} is ${found}; want ${wanted}`);
  }
};

/** Movements are counted as they were said, and depend on when that was. */
const COUNTS_RECORDS = /^(events|dead_letters):/;

/** Of what is announced only what is still to come has a meaning. */
const comparable = (customer: Customer, asOf: number): string =>
  encodeCustomer({
    ...customer,
    announced: customer.announced.filter(({ effectiveAt }) => effectiveAt > asOf),
  });
