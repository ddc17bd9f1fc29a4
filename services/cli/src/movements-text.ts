/** `holdfast movements` in words: money by period, and below it how many customers moved. */

import { ALL } from '@holdfast/domain/aggregates.ts';
import { civilDate } from '@holdfast/domain/civil-date.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { TimeZone } from '@holdfast/domain/time-zone.ts';
import type { WaterfallQuery, WaterfallRow } from '@holdfast/domain/waterfall.ts';
import type { Period } from '@holdfast/domain/waterfall-periods.ts';
import { count, isoDate, isoInstant, moneyFormat } from './format.ts';
import { cut, table } from './table.ts';

const MONEY = ['opening', 'new', 'return', 'expand', 'contract', 'churn', 'closing'];
const CUSTOMERS = ['new', 'return', 'expand', 'contract', 'churn'];

export function movementsText(
  rules: Rules,
  query: WaterfallQuery,
  rows: readonly WaterfallRow[],
): string {
  const label = labelFor(rules.zone, query.periods);
  const split = query.dimension !== ALL;
  const begin = (row: WaterfallRow): string[] => [label(row), ...(split ? [cut(row.member)] : [])];
  const head = (title: string): string[] => [title, ...(split ? [query.dimension] : [])];
  const left = split ? 'll' : 'l';
  const money = moneyFormat(rules.exponent, rows.flatMap(amountsOf));
  const moneyTable = table(`${left}rrrrrrr`, [
    [...head('movements'), ...MONEY],
    ...rows.map((row) => [
      ...begin(row),
      money.plain(row.openingArrMinor),
      money.signed(row.newArrMinor),
      money.signed(row.reactivationArrMinor),
      money.signed(row.expansionArrMinor),
      money.signed(0 - row.contractionArrMinor),
      money.signed(0 - row.churnedArrMinor),
      money.plain(row.closingArrMinor),
    ]),
  ]);
  const customerTable = table(`${left}rrrrr`, [
    [...head('customers'), ...CUSTOMERS],
    ...rows.map((row) => [
      ...begin(row),
      count(row.newCustomers),
      count(row.reactivatedCustomers),
      count(row.expandedCustomers),
      count(row.contractedCustomers),
      count(row.churnedCustomers),
    ]),
  ]);
  const kind = query.gross ? 'every step' : 'netted by customer and period';
  return `${moneyTable}\n${customerTable}\n${rules.policy.reportingCurrency}, ${kind}\n`;
}

const amountsOf = (row: WaterfallRow): readonly number[] => [
  row.openingArrMinor,
  row.newArrMinor,
  row.reactivationArrMinor,
  row.expansionArrMinor,
  row.contractionArrMinor,
  row.churnedArrMinor,
  row.closingArrMinor,
];

/** Months by their month, whole days by their date, anything else by its instant; all alike. */
function labelFor(zone: TimeZone, periods: readonly Period[]): (period: Period) => string {
  const firstDay = (at: number): number | null => {
    const { day, start } = zone.dayAt(at);
    return start === at ? day : null;
  };
  const isMonth = ({ from, to }: Period): boolean => {
    const [begin, end] = [firstDay(from), firstDay(to)];
    if (begin === null || end === null || civilDate(begin).day !== 1) return false;
    return civilDate(end).day === 1 && end - begin <= 31;
  };
  if (periods.every(isMonth)) return ({ from }) => isoDate(firstDay(from) as number).slice(0, 7);
  if (periods.every(({ from }) => firstDay(from) !== null)) {
    return ({ from }) => isoDate(firstDay(from) as number);
  }
  return ({ from }) => isoInstant(from);
}
