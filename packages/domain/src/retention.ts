/**
 * Retention of a window at one instant, by any definition and dimension, from folded customers
 * that kept everything (`compileRules(policy, { keepAll: true })`). What was known when is decided
 * by which records were folded.
 */

import { ALL } from './aggregates.ts';
import type { Customer } from './customer.ts';
import type { Definition, RetentionFigure, Share, ShareSums } from './definitions/definition.ts';
import { HoldfastError } from './errors.ts';
import { memberAt } from './report-member.ts';
import { byText, exactSum } from './report-sums.ts';
import type { Rules } from './rules.ts';
import { arrAt } from './steps.ts';

export interface RetentionQuery {
  readonly asOf: number;
  /** ISO 8601 duration: PnD, PnW, PnM or PnY. */
  readonly window: string;
  readonly definition: Definition;
  /** The name of an attribute, or `all`. */
  readonly dimension: string;
}

export interface RetentionReport extends RetentionFigure {
  readonly dimension: string;
  readonly member: string;
  /** All customers at the as-of, by the member they have then. */
  readonly arrMinor: number;
  readonly customers: number;
}

type Sums = { -readonly [Name in keyof ShareSums]: number };

/** A member's sums while customers are added. */
interface Cell {
  readonly spans: readonly Sums[];
  arr: number;
  customers: number;
}

const nothing = (): Sums => ({
  opening: 0,
  expansion: 0,
  contraction: 0,
  churned: 0,
  closing: 0,
  kept: 0,
  openingCustomers: 0,
  retainedCustomers: 0,
});

/**
 * One row for `all`, also where there is nobody; for an attribute one for each member that has
 * opening or present ARR, by name. Throws `usage` where the definition can't measure this, and
 * `arr_overflow`.
 */
export function retention(
  rules: Rules,
  customers: Iterable<Customer>,
  query: RetentionQuery,
): readonly RetentionReport[] {
  const { definition, dimension, asOf } = query;
  checkDimension(query);
  const spans = definition.spansOf({ zone: rules.zone, window: query.window, asOf });
  const cells = new Map<string, Cell>();
  const cellOf = (member: string): Cell => {
    const known = cells.get(member);
    if (known !== undefined) return known;
    const cell = { spans: spans.map(nothing), arr: 0, customers: 0 };
    cells.set(member, cell);
    return cell;
  };
  if (dimension === ALL) cellOf(ALL);
  for (const customer of customers) {
    const arr = arrAt(customer.steps, asOf);
    if (arr > 0) {
      const cell = cellOf(memberAt(rules, customer, dimension, asOf));
      cell.arr += arr;
      cell.customers += 1;
    }
    spans.forEach((span, index) => {
      const share = definition.shareOf(customer, span);
      if (share === null) return;
      const cell = cellOf(memberAt(rules, customer, dimension, span.start - 1));
      addShare(cell.spans[index] as Sums, share);
    });
  }
  return [...cells]
    .sort(([a], [b]) => byText(a, b))
    .map(([member, cell]) => rowOf(query, member, cell));
}

/** Throws `usage` where the definition has no parts by member. */
export function checkDimension({ definition, dimension }: RetentionQuery): void {
  if (definition.byMember || dimension === ALL) return;
  throw new HoldfastError(
    'usage',
    `definition ${definition.name} by ${dimension}; it is defined for all customers together only`,
  );
}

function addShare(sums: Sums, share: Share): void {
  sums.opening += share.opening;
  sums.expansion += share.expansion;
  sums.contraction += share.contraction;
  sums.churned += share.churned;
  sums.closing += share.closing;
  sums.kept += share.kept;
  sums.openingCustomers += 1;
  if (share.closing > 0) sums.retainedCustomers += 1;
}

function rowOf(query: RetentionQuery, member: string, cell: Cell): RetentionReport {
  const { dimension, definition } = query;
  const what = `${dimension} ${member}`;
  for (const sums of cell.spans) {
    for (const sum of Object.values(sums)) exactSum(sum, what);
  }
  return {
    dimension,
    member,
    ...definition.figureOf(cell.spans),
    arrMinor: exactSum(cell.arr, what),
    customers: cell.customers,
  };
}
