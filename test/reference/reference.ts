/**
 * The reference: all of SEMANTICS.md worked out from scratch from the records that arrived, plain
 * and slow, as the measure for the incremental code. It imports types of `packages/domain` and
 * nothing else of the product; calendar days come from `Temporal`, money from BigInt. It expects
 * records that would not be dead-lettered, and throws a RangeError on a sum beyond safe integers.
 *
 * `reference(arrived, policy, options)` answers, with plain objects (money: numbers in minor units
 * of the reporting currency, losses positive; instants: UTC ms; rows sorted by member's name):
 *
 * - `counts`: { tooLate, duplicates, versionTies } over all customers
 * - `customerIds`: sorted
 * - `arr(t)`, `arrOf(customerId, t)`: minor units
 * - `attributesOf(customerId, t)`: a plain object, all sources united; `nameOf(customerId, t)`;
 *   `memberOf(customerId, dimension, t)`
 * - `movements(customerId)`: every step as a domain Movement, the future ones too, ascending;
 *   drivers by product id, the quantity's part before the price's
 * - `ledger(asOf)`: the movements in force, [{ customerId, ...Movement }] by (effectiveAt,
 *   customerId); assert minus retract of everything published up to that as-of
 * - `report({ asOf, window, definition?, by? })`: ReportRow[] (report.ts), five definitions
 * - `gauges(t)`: { retention: RetentionRow[], present: PresentRow[] } (report.ts) for every window
 *   and dimension of the policy and for `all`; members with nothing open or present are left out
 * - `periods({ from, to, every, by?, gross? })`: PeriodRow[] (periods.ts)
 * - `explain({ asOf, window, definition?, by? })`: ExplainRow[] (explain.ts)
 *
 * Options: `keepEverything` (no event is too late, as the command line has it), `knownAt` (only
 * records known at or before it).
 *
 * Beside it stand `publishedByCommit(commits, policy, keepEverything)` (published.ts: the deltas of
 * each commit), `orderMatters(arrived, policy)` (customer.ts: too-late records or ties, where the
 * order of arrival may show), `windowStart(zone, window, t)` and `horizonEdge` (calendar.ts).
 */

import type { Movement } from '@holdfast/domain/delta.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import {
  type ArrivedRecord,
  arrAt,
  attributesAt,
  type Counts,
  type Customer,
  customersOf,
  knownRecords,
  memberAt,
  nameAt,
} from './customer.ts';
import { type ExplainCall, type ExplainRow, explainRows } from './explain.ts';
import { minor } from './fraction.ts';
import { ledgerOf, movementsOf } from './movements.ts';
import { type PeriodRow, type PeriodsCall, periodRows } from './periods.ts';
import {
  gaugeRows,
  type PresentRow,
  type ReportCall,
  type ReportRow,
  type RetentionRow,
  reportRows,
} from './report.ts';

export interface ReferenceOptions {
  readonly keepEverything?: boolean;
  readonly knownAt?: number;
}

export type LedgerEntry = Movement & { readonly customerId: string };

export interface Reference {
  readonly counts: Counts;
  readonly customerIds: readonly string[];
  arr(t: number): number;
  arrOf(customerId: string, t: number): number;
  attributesOf(customerId: string, t: number): Readonly<Record<string, string>>;
  nameOf(customerId: string, t: number): string | null;
  memberOf(customerId: string, dimension: string, t: number): string;
  movements(customerId: string): Movement[];
  ledger(asOf: number): LedgerEntry[];
  report(call: ReportCall): ReportRow[];
  gauges(t: number): { readonly retention: RetentionRow[]; readonly present: PresentRow[] };
  periods(call: PeriodsCall): PeriodRow[];
  explain(call: ExplainCall): ExplainRow[];
}

const inLedgerOrder = (a: LedgerEntry, b: LedgerEntry): number =>
  a.effectiveAt - b.effectiveAt || (a.customerId < b.customerId ? -1 : 1);

/** `arrived` stands in the order of arrival. */
export const reference = (
  arrived: readonly ArrivedRecord[],
  policy: Policy,
  { keepEverything = false, knownAt = Number.POSITIVE_INFINITY }: ReferenceOptions = {},
): Reference => {
  const byId = customersOf(knownRecords(arrived, knownAt), policy, keepEverything);
  const customers = [...byId.values()];
  const total = (of: (counts: Counts) => number): number =>
    customers.reduce((sum, customer) => sum + of(customer.counts), 0);
  const get = (customerId: string): Customer => {
    const customer = byId.get(customerId);
    if (customer === undefined) throw new RangeError(`no record of customer ${customerId}`);
    return customer;
  };
  return {
    counts: {
      tooLate: total((counts) => counts.tooLate),
      duplicates: total((counts) => counts.duplicates),
      versionTies: total((counts) => counts.versionTies),
    },
    customerIds: [...byId.keys()].sort(),
    arr: (t) => minor(customers.reduce((sum, customer) => sum + arrAt(customer, t), 0n)),
    arrOf: (customerId, t) => minor(arrAt(get(customerId), t)),
    attributesOf: (customerId, t) => Object.fromEntries(attributesAt(get(customerId), t)),
    nameOf: (customerId, t) => nameAt(get(customerId), t),
    memberOf: (customerId, dimension, t) => memberAt(get(customerId), dimension, t),
    movements: (customerId) => movementsOf(get(customerId)),
    ledger: (asOf) =>
      customers
        .flatMap((customer) =>
          ledgerOf(customer, asOf).map((movement) => ({
            customerId: customer.customerId,
            ...movement,
          })),
        )
        .sort(inLedgerOrder),
    report: (call) => reportRows(customers, policy, call),
    gauges: (t) => gaugeRows(customers, policy, t),
    periods: (call) => periodRows(customers, policy, call),
    explain: (call) => explainRows(customers, policy, call),
  };
};
