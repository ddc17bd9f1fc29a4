/** The store against folding from scratch: customers, due entries, aggregates, counters. */

import { dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { decodeCustomer, encodeCustomer } from '@holdfast/domain/customer-state.ts';
import { momentAt, type Rules } from '@holdfast/domain/rules.ts';
import type { CustomerPage, PartitionView } from '@holdfast/pipeline/ports.ts';
import type { FoldedInput } from './audit-input.ts';
import type { Figures } from './figures.ts';
import type { Prove } from './finding.ts';

/** Customers as one look found them, held against the input folded to the same boundary. */
export const auditCustomers = (
  rules: Rules,
  { boundary, rows }: CustomerPage,
  folded: Pick<FoldedInput<unknown>, 'customers'>,
  prove: Prove,
): void => {
  const { asOf } = boundary;
  const moment = momentAt(rules, asOf);
  for (const { customerId, value, due } of rows) {
    const where = { customerId };
    const known = folded.customers.get(customerId);
    prove(known !== undefined, 'projection', () => 'no record names this customer', where);
    known.seen = true;
    const customer = decodeCustomer(customerId, known.value);
    if (value !== known.value) {
      const found = comparable(decodeCustomer(customerId, value), asOf);
      const wanted = comparable(customer, asOf);
      prove(found === wanted, 'projection', () => `stored is ${found}; want ${wanted}`, where);
    }
    const latest = dueAfter(rules, customer, moment) ?? Number.POSITIVE_INFINITY;
    prove(
      (due ?? Number.POSITIVE_INFINITY) <= latest,
      'due',
      () => `due at ${shown(due)}; want ${shown(latest)} at the latest`,
      where,
    );
  }
};

/** The first `count` customers by their first records were there before the store was read. */
export const auditNoneLacks = (
  folded: Pick<FoldedInput<unknown>, 'customers'>,
  count: number,
  prove: Prove,
): void => {
  let at = 0;
  for (const [customerId, { seen }] of folded.customers) {
    if (at >= count) return;
    prove(seen, 'projection', () => 'the store does not hold this customer', { customerId });
    at += 1;
  }
};

/** Sums and totals, at the boundary of the view. */
export const auditFigures = (
  { meta, aggregates, counters, largestLosses }: PartitionView,
  figures: Figures,
  folded: Pick<FoldedInput<unknown>, 'counters'>,
  prove: Prove,
): void => {
  prove(
    (meta.firstDue ?? Number.POSITIVE_INFINITY) <= figures.firstDue,
    'due',
    () => `the first due is ${shown(meta.firstDue)}; want ${shown(figures.firstDue)} at the latest`,
  );
  for (const key of new Set([...figures.aggregates.keys(), ...aggregates.keys()])) {
    const [found, wanted] = [aggregates.get(key), figures.aggregates.get(key)];
    prove(
      found === wanted,
      'aggregate',
      () => `${key} is ${found ?? 'none'}; want ${wanted ?? 'none'}`,
    );
  }
  for (const window of new Set([...figures.largestLosses.keys(), ...largestLosses.keys()])) {
    const [found, wanted] = [
      largestLosses.get(window) ?? 0,
      figures.largestLosses.get(window) ?? 0,
    ];
    prove(
      found === wanted,
      'aggregate',
      () => `largest loss in ${window} is ${found}; want ${wanted}`,
    );
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

const shown = (instant: number | null): string =>
  instant === null || !Number.isFinite(instant) ? 'no time' : new Date(instant).toISOString();
