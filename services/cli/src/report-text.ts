/** `holdfast report` in words: a headline, the parts that add up, and who is a customer now. */

import { ALL } from '@holdfast/domain/aggregates.ts';
import type { RetentionReport } from '@holdfast/domain/retention.ts';
import { count, type MoneyFormat, moneyFormat, percent } from './format.ts';
import { headline, type Question } from './question.ts';
import { cut, type Row, table } from './table.ts';

const PARTS = ['opening', 'churn', 'contract', 'expand', 'closing'];

const amountsOf = (row: RetentionReport): readonly (number | null)[] => [
  row.openingArrMinor,
  row.expansionArrMinor,
  row.contractionArrMinor,
  row.churnedArrMinor,
  row.closingArrMinor,
  row.arrMinor,
];

const loss = (minor: number | null): number | null => (minor === null ? null : 0 - minor);

const partsOf = (row: RetentionReport, money: MoneyFormat): Row => [
  money.plain(row.openingArrMinor),
  money.signed(loss(row.churnedArrMinor)),
  money.signed(loss(row.contractionArrMinor)),
  money.signed(row.expansionArrMinor),
  money.plain(row.closingArrMinor),
];

export function reportText(
  question: Question,
  rows: readonly RetentionReport[],
  forecast: boolean,
): string {
  const { rules, query } = question;
  const money = moneyFormat(rules.exponent, rows.flatMap(amountsOf));
  const [first] = rows;
  const marked = forecast ? ' forecast' : '';
  if (query.dimension === ALL && first !== undefined) {
    const kept = `${count(first.retainedCustomers)} of ${count(first.openingCustomers)} kept`;
    return (
      `${headline('report', question, first)}${marked}\n` +
      table('lrrrrr', [
        ['', ...PARTS],
        [ALL, ...partsOf(first, money)],
      ]) +
      `customers ${percent(first.logoRetention)}  ${kept}\n` +
      `ARR ${money.plain(first.arrMinor)}  ${count(first.customers)} customer${first.customers === 1 ? '' : 's'}\n`
    );
  }
  const bySize = rows.toSorted(
    (a, b) => (b.openingArrMinor ?? 0) - (a.openingArrMinor ?? 0) || b.arrMinor - a.arrMinor,
  );
  return (
    `${headline(`report by ${query.dimension}`, question, undefined)}${marked}\n` +
    table('lrrrrrrrrrr', [
      ['', 'NRR', 'GRR', 'logo', ...PARTS, 'ARR', 'customers'],
      ...bySize.map((row) => [
        cut(row.member),
        percent(row.nrr),
        percent(row.grr),
        percent(row.logoRetention),
        ...partsOf(row, money),
        money.plain(row.arrMinor),
        count(row.customers),
      ]),
    ])
  );
}
