/**
 * The ARR waterfall by period: opening, what came and went, closing. Netted, each customer is its
 * opening against its closing, one movement at most; gross, every step inside the period counts.
 */

import { ALL } from './aggregates.ts';
import type { Customer } from './customer.ts';
import type { MovementKind } from './delta.ts';
import { firstPaidAt, kindOf } from './movements.ts';
import { memberAt } from './report-member.ts';
import { byText, exactSum } from './report-sums.ts';
import type { Rules } from './rules.ts';
import type { Period } from './waterfall-periods.ts';

export interface WaterfallQuery {
  readonly periods: readonly Period[];
  /** The name of an attribute, or `all`. */
  readonly dimension: string;
  readonly gross: boolean;
}

/** Money in minor units, losses positive; a customer counts once for each kind it moved by. */
export interface WaterfallRow extends Period {
  readonly dimension: string;
  readonly member: string;
  readonly openingArrMinor: number;
  readonly newArrMinor: number;
  readonly reactivationArrMinor: number;
  readonly expansionArrMinor: number;
  readonly contractionArrMinor: number;
  readonly churnedArrMinor: number;
  readonly closingArrMinor: number;
  readonly newCustomers: number;
  readonly reactivatedCustomers: number;
  readonly expandedCustomers: number;
  readonly contractedCustomers: number;
  readonly churnedCustomers: number;
}

/** What one customer did in one period; amounts are positive. */
type Amounts = { -readonly [Kind in MovementKind]: number };

interface Cell {
  opening: number;
  closing: number;
  readonly amounts: Amounts;
  readonly customers: Amounts;
}

const nothing = (): Amounts => ({
  new: 0,
  reactivation: 0,
  expansion: 0,
  contraction: 0,
  churn: 0,
});

/**
 * By period; for `all` one row each, for an attribute one for each member that has anything to
 * show in it, by name; netted, who came and left inside the period shows nothing. A customer counts
 * under its member just before the period, or at its end where it had no ARR then, so that each row
 * adds up. Throws `arr_overflow`.
 */
export function waterfall(
  rules: Rules,
  customers: Iterable<Customer>,
  { periods, dimension, gross }: WaterfallQuery,
): readonly WaterfallRow[] {
  const cells = periods.map(() => new Map<string, Cell>());
  if (dimension === ALL) for (const members of cells) cellOf(members, ALL);
  const add = gross ? addSteps : addNet;
  for (const customer of customers) {
    const { at, arr } = customer.steps;
    let next = 0;
    let closing = 0;
    periods.forEach(({ from, to }, index) => {
      while (next < at.length && (at[next] as number) < from) closing = arr[next++] as number;
      const opening = closing;
      const firstStep = next;
      while (next < at.length && (at[next] as number) < to) closing = arr[next++] as number;
      if (opening === 0 && (gross ? next === firstStep : closing === 0)) return;
      const member = memberAt(rules, customer, dimension, opening > 0 ? from - 1 : to - 1);
      const cell = cellOf(cells[index] as Map<string, Cell>, member);
      cell.opening += opening;
      cell.closing += closing;
      add(cell, {
        values: [opening, ...arr.slice(firstStep, next)],
        first: firstPaidAt(customer) >= from,
      });
    });
  }
  return periods.flatMap((period, index) =>
    [...(cells[index] as Map<string, Cell>)]
      .sort(([a], [b]) => byText(a, b))
      .map(([member, cell]) => rowOf(period, dimension, member, cell)),
  );
}

function cellOf(members: Map<string, Cell>, member: string): Cell {
  const known = members.get(member);
  if (known !== undefined) return known;
  const cell = { opening: 0, closing: 0, amounts: nothing(), customers: nothing() };
  members.set(member, cell);
  return cell;
}

interface CustomerPeriod {
  /** ARR just before the period and after each step in it. */
  readonly values: readonly number[];
  /** Whether ARR was never above 0 before the period. */
  readonly first: boolean;
}

function addNet(cell: Cell, { values, first }: CustomerPeriod): void {
  const [before, after] = [values[0] as number, values.at(-1) as number];
  if (before === after) return;
  const kind = kindOf(before, after, first);
  cell.amounts[kind] += Math.abs(after - before);
  cell.customers[kind] += 1;
}

function addSteps(cell: Cell, { values, first }: CustomerPeriod): void {
  const kinds = new Set<MovementKind>();
  for (let index = 1; index < values.length; index += 1) {
    const [before, after] = [values[index - 1] as number, values[index] as number];
    const kind = kindOf(before, after, first && index === 1);
    cell.amounts[kind] += Math.abs(after - before);
    kinds.add(kind);
  }
  for (const kind of kinds) cell.customers[kind] += 1;
}

function rowOf(period: Period, dimension: string, member: string, cell: Cell): WaterfallRow {
  const { opening, closing, amounts, customers } = cell;
  const what = `${dimension} ${member}`;
  for (const sum of [opening, closing, ...Object.values(amounts)]) exactSum(sum, what);
  return {
    ...period,
    dimension,
    member,
    openingArrMinor: opening,
    newArrMinor: amounts.new,
    reactivationArrMinor: amounts.reactivation,
    expansionArrMinor: amounts.expansion,
    contractionArrMinor: amounts.contraction,
    churnedArrMinor: amounts.churn,
    closingArrMinor: closing,
    newCustomers: customers.new,
    reactivatedCustomers: customers.reactivation,
    expandedCustomers: customers.expansion,
    contractedCustomers: customers.contraction,
    churnedCustomers: customers.churn,
  };
}
