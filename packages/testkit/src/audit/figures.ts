/** Aggregates of customers at one instant, summed from nothing. */

import { addContribution, emptyAggregates, takeChanged } from '@holdfast/domain/aggregates.ts';
import { contributionOf } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { momentAt, type Rules } from '@holdfast/domain/rules.ts';

/** Rows as the store keeps them, without empty ones. */
export const figuresOf = (
  rules: Rules,
  customers: Iterable<Customer>,
  asOf: number,
): ReadonlyMap<string, string> => {
  const aggregates = emptyAggregates(rules);
  const moment = momentAt(rules, asOf);
  for (const customer of customers) {
    addContribution(aggregates, contributionOf(rules, customer, moment), 1);
  }
  const rows = takeChanged(aggregates).filter((row): row is [string, string] => row[1] !== null);
  return new Map(rows);
};
