/**
 * Figures at one instant after another from customers that keep everything. A customer is looked at
 * again only when its contribution may change, so that steps may be short.
 */

import {
  type AggregateRow,
  emptyAggregates,
  parseRow,
  replaceContribution,
  takeChanged,
} from '@holdfast/domain/aggregates.ts';
import { type Contribution, contributionOf, dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { momentAt, type Rules } from '@holdfast/domain/rules.ts';

export interface PastFigures {
  readonly asOf: number;
  readonly rows: readonly AggregateRow[];
  /** The greatest loss of one customer by window, minor units; windows without one are left out. */
  readonly largestLosses: ReadonlyMap<string, number>;
}

/** Instants must ascend. */
export function* pastFigures(
  rules: Rules,
  customers: readonly Customer[],
  instants: Iterable<number>,
): Generator<PastFigures> {
  const aggregates = emptyAggregates(rules);
  const rows = new Map<string, AggregateRow>();
  const due = new Float64Array(customers.length);
  const known: (Contribution | null)[] = customers.map(() => null);
  for (const asOf of instants) {
    const moment = momentAt(rules, asOf);
    for (const [at, customer] of customers.entries()) {
      if ((due[at] as number) > asOf) continue;
      const before = known[at] ?? null;
      const after = contributionOf(rules, customer, moment);
      replaceContribution(aggregates, before, after);
      known[at] = after;
      due[at] = dueAfter(rules, customer, moment) ?? Number.POSITIVE_INFINITY;
    }
    for (const [key, value] of takeChanged(aggregates)) {
      if (value === null) rows.delete(key);
      else rows.set(key, parseRow(key, value));
    }
    yield { asOf, rows: [...rows.values()], largestLosses: largestLosses(rules, known) };
  }
}

const largestLosses = (
  { windows }: Rules,
  contributions: readonly (Contribution | null)[],
): ReadonlyMap<string, number> => {
  const largest = new Map<string, number>();
  for (const contribution of contributions) {
    for (const [index, { name }] of windows.entries()) {
      const part = contribution?.windows[index];
      const loss = part ? part.opening - part.closing : 0;
      if (loss > (largest.get(name) ?? 0)) largest.set(name, loss);
    }
  }
  return largest;
};
