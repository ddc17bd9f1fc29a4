/** The figures of a board report: a period and the year that ends with it, as plain tables. */

import type { Customer } from '@holdfast/domain/customer.ts';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import type { Definition } from '@holdfast/domain/definitions/definition.ts';
import { explain } from '@holdfast/domain/explain.ts';
import { type RetentionReport, retention } from '@holdfast/domain/retention.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { Parts } from './board-waterfall.ts';
import type { FoldedFile } from './fold-file.ts';
import {
  count,
  isoDate,
  isoInstant,
  type MoneyFormat,
  moneyFormat,
  NONE,
  percent,
  points,
  untilDay,
} from './format.ts';

export interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The section that the picture stands in. */
export const WATERFALL = 'From opening to closing';

export interface Board {
  readonly title: string;
  /** Of the period, for the waterfall. */
  readonly parts: Parts;
  readonly money: MoneyFormat;
  readonly sections: readonly Section[];
}

export interface BoardQuery {
  /** First instant of the period, and the one after its last. */
  readonly from: number;
  readonly to: number;
  readonly dimension: string;
}

const TOP = 10;
/** As the counter of late ARR has it. */
const LATE_MS = 86_400_000;
const YEAR = 'P12M';

/** `known`: the same file as it was known at the period's end. */
export function boardOf(
  rules: Rules,
  file: FoldedFile,
  known: FoldedFile,
  query: BoardQuery,
): Board {
  const { from, to, dimension } = query;
  const point = DEFINITIONS.point_to_point;
  const period: Definition = { ...point, spansOf: () => [{ start: from, end: to }] };
  const asOf = to - 1;
  const ask = (of: FoldedFile, definition: Definition, by = 'all'): readonly RetentionReport[] =>
    retention(rules, of.customers.values(), { asOf, window: YEAR, definition, dimension: by });
  const one = (of: FoldedFile, definition: Definition): RetentionReport =>
    ask(of, definition)[0] as RetentionReport;
  const [inPeriod, inYear] = [one(file, period), one(file, point)];
  const [knownPeriod, knownYear] = [one(known, period), one(known, point)];
  const customers: Iterable<Customer> = file.customers.values();
  const moved = explain(rules, customers, {
    asOf,
    window: YEAR,
    definition: period,
    dimension: 'all',
  }).filter(({ opening, closing }) => opening !== closing);
  const late = moved
    .flatMap(({ events }) => events)
    .filter(({ effectiveAt, recordedAt }) => recordedAt - effectiveAt >= LATE_MS)
    .reduce((sum, { amountMinor }) => sum + Math.abs(amountMinor), 0);
  const opening = inPeriod.openingArrMinor ?? 0;
  const money = moneyFormat(rules.exponent, [
    ...[inPeriod, inYear].flatMap((row) => Object.values(partsOf(row))),
    ...moved.map((row) => row.closing - row.opening),
    late,
  ]);
  const figures = (name: string, row: RetentionReport): readonly string[] => [
    name,
    percent(row.nrr),
    percent(row.grr),
    percent(row.logoRetention),
    money.plain(row.openingArrMinor),
    money.plain(row.closingArrMinor),
  ];
  const until = untilDay(rules.zone, asOf);
  const currency = rules.policy.reportingCurrency;
  return {
    title: `Net revenue retention ${isoDate(rules.zone.dayAt(from).day)} to ${until}, ${currency}`,
    parts: partsOf(inPeriod),
    money,
    sections: [
      {
        title: 'Retention',
        head: ['', 'NRR', 'GRR', 'customers', 'opening ARR', 'closing ARR'],
        rows: [figures('period', inPeriod), figures(`year to ${until}`, inYear)],
      },
      {
        title: WATERFALL,
        head: ['', 'period', 'of opening', 'year', 'of opening'],
        rows: steps(partsOf(inPeriod), money).map((row, at) => [
          ...row,
          ...(steps(partsOf(inYear), money)[at]?.slice(1) ?? []),
        ]),
      },
      {
        title: `By ${dimension}, period`,
        head: ['', 'NRR', 'GRR', 'customers', 'opening ARR', 'closing ARR'],
        rows: ask(file, period, dimension).map((row) => figures(row.member, row)),
      },
      {
        title: 'Top movements',
        head: ['customer', 'change', 'pt', 'why', 'events'],
        rows: moved
          .slice(0, TOP)
          .map((row) => [
            row.name ?? row.customerId,
            money.signed(row.closing - row.opening),
            points(row.closing - row.opening, opening),
            [...new Set(row.drivers.map(({ driver }) => driver.replaceAll('_', ' ')))].join(', '),
            row.events.map(({ eventId }) => eventId).join(', '),
          ]),
      },
      {
        title: 'As known then, as corrected since',
        head: ['', 'NRR known', 'corrected', 'pt', 'GRR known', 'corrected', 'pt'],
        rows: [
          restated('period', knownPeriod, inPeriod),
          restated(`year to ${until}`, knownYear, inYear),
        ],
      },
      {
        title: 'Data quality',
        head: ['', ''],
        rows: [
          ['lines', count(file.lines)],
          ['lines left out as bad', count(file.bad)],
          ['versions repeated with other content', count(file.versionTies)],
          ['ARR known a day or more late', money.plain(late)],
        ],
      },
      {
        title: 'Definitions',
        head: ['', ''],
        rows: [
          ['NRR', 'closing over opening ARR of the customers that had ARR just before the period'],
          ['GRR', 'the same without expansion'],
          ['definition', 'point_to_point'],
          ['period', `${isoInstant(from)} up to, not including, ${isoInstant(to)}`],
          ['time zone', rules.policy.timeZone],
        ],
      },
    ],
  };
}

const partsOf = (row: RetentionReport): Parts => ({
  opening: row.openingArrMinor ?? 0,
  churned: row.churnedArrMinor ?? 0,
  contraction: row.contractionArrMinor ?? 0,
  expansion: row.expansionArrMinor ?? 0,
  closing: row.closingArrMinor ?? 0,
});

/** Name, money, share of the opening; what is kept stands where its losses end. */
const steps = (parts: Parts, money: MoneyFormat): readonly (readonly string[])[] => {
  const { opening, churned, contraction, expansion, closing } = parts;
  const share = (amount: number): string => percent(opening === 0 ? null : amount / opening);
  const kept = opening - churned - contraction;
  const moved = (name: string, amount: number): readonly string[] => [
    name,
    money.signed(amount),
    points(amount, opening),
  ];
  return [
    ['opening', money.plain(opening), share(opening)],
    moved('churn', -churned),
    moved('contraction', -contraction),
    ['kept (GRR)', money.plain(kept), share(kept)],
    moved('expansion', expansion),
    ['closing (NRR)', money.plain(closing), share(closing)],
  ];
};

const restated = (
  name: string,
  known: RetentionReport,
  now: RetentionReport,
): readonly string[] => [
  name,
  ...(['nrr', 'grr'] as const).flatMap((ratio) => [
    percent(known[ratio]),
    percent(now[ratio]),
    difference(known[ratio], now[ratio]),
  ]),
];

const difference = (known: number | null, now: number | null): string =>
  known === null || now === null ? NONE : points(now - known, 1);
