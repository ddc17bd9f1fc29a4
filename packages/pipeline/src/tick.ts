/**
 * Moves time on: customers whose contribution changes by itself until then are found by their due,
 * their contributions replaced and what came due is said. Changes no customer's state.
 */

import { replaceContribution } from '@holdfast/domain/aggregates.ts';
import { changesByTime, type DueChange } from '@holdfast/domain/changes.ts';
import { contributionOf, dueAfter } from '@holdfast/domain/contribution.ts';
import { decodeCustomer } from '@holdfast/domain/customer-state.ts';
import type { Moment } from '@holdfast/domain/rules.ts';
import type { Machine, Partition } from './partition.ts';
import type { CustomerRow } from './ports.ts';

export interface Ticked {
  /** By (effective_at, customer_id). */
  readonly changes: readonly DueChange[];
  /** Every group that was due, with its new due. */
  readonly groups: readonly { readonly group: string; readonly due: number | null }[];
}

/** Due groups read at once: 32 customers or so in each. */
const PAGE = 256;

export async function tick(machine: Machine, partition: Partition, to: Moment): Promise<Ticked> {
  const changes: DueChange[] = [];
  const groups: { group: string; due: number | null }[] = [];
  if (partition.firstDue !== null && partition.firstDue <= to.asOf) {
    for (;;) {
      const page = await partition.store.readDue(to.asOf, groups.length, PAGE);
      for (const { group, rows } of page) {
        let due = Number.POSITIVE_INFINITY;
        for (const row of rows) {
          due = Math.min(due, tickCustomer(machine, partition, row, to, changes));
        }
        groups.push({ group, due: due === Number.POSITIVE_INFINITY ? null : due });
      }
      if (page.length < PAGE) break;
    }
  }
  changes.sort(
    (a, b) =>
      a.effectiveAt - b.effectiveAt ||
      (a.change.customerId < b.change.customerId
        ? -1
        : +(a.change.customerId > b.change.customerId)),
  );
  return { changes, groups };
}

/** Adds what came due to `changes`; returns the customer's next due, infinite for never. */
function tickCustomer(
  { rules }: Machine,
  { moment, aggregates, losses }: Partition,
  row: CustomerRow,
  to: Moment,
  changes: DueChange[],
): number {
  const customer = decodeCustomer(row.customerId, row.value);
  const due = dueAfter(rules, customer, moment) ?? Number.POSITIVE_INFINITY;
  if (due > to.asOf) return due;
  const before = contributionOf(rules, customer, moment);
  const after = contributionOf(rules, customer, to);
  replaceContribution(aggregates, before, after);
  losses.replace(row.customerId, before, after);
  changes.push(...changesByTime(rules, customer, moment.asOf, to.asOf));
  return dueAfter(rules, customer, to) ?? Number.POSITIVE_INFINITY;
}
