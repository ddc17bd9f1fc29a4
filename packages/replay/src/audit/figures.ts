/** Aggregates of customers at one instant, summed from nothing. */

import { addContribution, emptyAggregates, takeChanged } from '@holdfast/domain/aggregates.ts';
import { contributionOf, dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { momentAt, type Rules } from '@holdfast/domain/rules.ts';

export interface Figures {
  /** Rows as the store keeps them, without empty ones. */
  readonly aggregates: ReadonlyMap<string, string>;
  /** The greatest loss of one customer by window, without those that are none. */
  readonly largestLosses: ReadonlyMap<string, number>;
  /** The least due of all customers; infinite where nothing ever comes due. */
  readonly firstDue: number;
}

export interface Sum {
  readonly add: (customer: Customer) => void;
  readonly figures: () => Figures;
}

export const sumAt = (rules: Rules, asOf: number): Sum => {
  const aggregates = emptyAggregates(rules);
  const moment = momentAt(rules, asOf);
  const largestLosses = new Map<string, number>();
  let firstDue = Number.POSITIVE_INFINITY;
  return {
    add: (customer) => {
      const contribution = contributionOf(rules, customer, moment);
      addContribution(aggregates, contribution, 1);
      for (const [index, { name }] of rules.windows.entries()) {
        const part = contribution.windows[index];
        const loss = part ? part.opening - part.closing : 0;
        if (loss > (largestLosses.get(name) ?? 0)) largestLosses.set(name, loss);
      }
      firstDue = Math.min(firstDue, dueAfter(rules, customer, moment) ?? firstDue);
    },
    figures: () => {
      const rows = takeChanged(aggregates).filter(
        (row): row is [string, string] => row[1] !== null,
      );
      return { aggregates: new Map(rows), largestLosses, firstDue };
    },
  };
};
