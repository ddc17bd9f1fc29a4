/** The figures of a board report: a period and the year that ends with it, as plain tables. */

import type { Customer } from '@holdfast/domain/customer.ts';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import type { Definition } from '@holdfast/domain/definitions/definition.ts';
import { explain } from '@holdfast/domain/explain.ts';
import { type RetentionReport, retention } from '@holdfast/domain/retention.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { FoldedFile } from './fold-file.ts';
import { count, isoDate, isoInstant, moneyFormat, percent, points, untilDay } from './format.ts';

export interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Minor units; losses positive. */
export type Parts = Record<'opening' | 'churned' | 'contraction' | 'expansion' | 'closing', number>;

export interface Board {
  readonly title: string;
  /** Of the period, for the waterfall. */
  readonly parts: Parts;
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
    ...[inPeriod, inYear].flatMap((row) => [row.openingArrMinor, row.closingArrMinor]),
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
    parts: {
      opening,
      churned: inPeriod.churnedArrMinor ?? 0,
      contraction: inPeriod.contractionArrMinor ?? 0,
      expansion: inPeriod.expansionArrMinor ?? 0,
      closing: inPeriod.closingArrMinor ?? 0,
    },
    sections: [
      {
        title: 'Retention',
        head: ['', 'NRR', 'GRR', 'customers', 'opening ARR', 'closing ARR'],
        rows: [figures('period', inPeriod), figures(`year to ${until}`, inYear)],
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
        head: ['', 'known', 'corrected', 'NRR'],
        rows: [
          [
            'period',
            percent(knownPeriod.nrr),
            percent(inPeriod.nrr),
            difference(knownPeriod, inPeriod),
          ],
          ['year', percent(knownYear.nrr), percent(inYear.nrr), difference(knownYear, inYear)],
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

const difference = ({ nrr: known }: RetentionReport, { nrr: now }: RetentionReport): string =>
  known === null || now === null ? '-' : points(now - known, 1);
