/**
 * The exporter's metrics, made from one snapshot. Retention and ARR are whole or absent; a ratio
 * with nothing open is absent, never 0 or NaN. Never a customer in a label.
 */

import type { AggregateRow, ArrRow, RetentionRow } from '@holdfast/domain/aggregates.ts';
import { currencyExponent } from '@holdfast/domain/currency.ts';
import { grr, logoRetention, nrr } from '@holdfast/domain/ratios.ts';
import type { Family, MetricDefinition, Sample } from './definition.ts';
import { addFamily, type MetricSource } from './exposition.ts';
import { KNOWN_MEMBERS, RETENTION } from './retention-definitions.ts';
import type { MetricsSnapshot, RetentionFigures } from './snapshot.ts';

type Labels = Sample['labels'];

/**
 * Minor units as a number of major units: one correctly rounded division, so that what is printed
 * is the decimal itself up to 15 digits.
 */
type MajorUnits = (minor: number) => number;

const majorUnitsOf = (currency: string): MajorUnits => {
  const exponent = currencyExponent(currency);
  if (exponent === undefined) throw new TypeError(`no currency ${currency}`);
  const factor = 10 ** exponent;
  return (minor) => minor / factor;
};

/** The metrics of retention by what they take from a row. */
const ofRetention = (major: MajorUnits) =>
  [
    [RETENTION.nrr, nrr],
    [RETENTION.grr, grr],
    [RETENTION.logo, logoRetention],
    [RETENTION.opening, (row: RetentionRow) => major(row.openingArrMinor)],
    [RETENTION.expansion, (row: RetentionRow) => major(row.expansionArrMinor)],
    [RETENTION.contraction, (row: RetentionRow) => major(row.contractionArrMinor)],
    [RETENTION.churned, (row: RetentionRow) => major(row.churnedArrMinor)],
    [RETENTION.closing, (row: RetentionRow) => major(row.closingArrMinor)],
    [RETENTION.openingCustomers, (row: RetentionRow) => row.openingCustomers],
    [RETENTION.retainedCustomers, (row: RetentionRow) => row.retainedCustomers],
  ] as const;

const ofArr = (major: MajorUnits) =>
  [
    [RETENTION.arr, (row: ArrRow) => major(row.arrMinor)],
    [RETENTION.customers, (row: ArrRow) => row.customers],
  ] as const;

interface RowLabels {
  readonly labels: Labels;
  readonly withCurrency: Labels;
}

/** The labels of rows, with and without the currency; every metric shares these objects. */
export type LabelCache = (
  rows: readonly AggregateRow[],
  currency: string,
) => ReadonlyMap<AggregateRow, RowLabels>;

const labelsOf = (row: AggregateRow): Labels => {
  const { dimension, member } = row;
  return row.kind === 'arr' ? { dimension, member } : { window: row.window, dimension, member };
};

/**
 * Labels of one scrape serve the next one as well, those of members that are gone do not stay:
 * writing labels out is half of what a scrape costs, and prom-client does it once for an object.
 */
export const labelCache = (): LabelCache => {
  let last: ReadonlyMap<string, RowLabels> = new Map();
  return (rows, currency) => {
    const next = new Map<string, RowLabels>();
    const byRow = new Map<AggregateRow, RowLabels>();
    for (const row of rows) {
      const key = JSON.stringify([
        row.kind === 'arr' ? null : row.window,
        row.dimension,
        row.member,
        currency,
      ]);
      let known = last.get(key);
      if (known === undefined) {
        const labels = labelsOf(row);
        known = { labels, withCurrency: { ...labels, currency } };
      }
      next.set(key, known);
      byRow.set(row, known);
    }
    last = next;
    return byRow;
  };
};

const families = <Row extends AggregateRow>(
  rows: readonly Row[],
  labels: ReadonlyMap<AggregateRow, RowLabels>,
  metrics: readonly (readonly [MetricDefinition, (row: Row) => number | null])[],
): readonly Family[] =>
  metrics.map(([definition, read]) => {
    const which = definition.labels.includes('currency') ? 'withCurrency' : 'labels';
    const samples: Sample[] = [];
    for (const row of rows) {
      const value = read(row);
      if (value !== null) samples.push({ labels: (labels.get(row) as RowLabels)[which], value });
    }
    return { definition, samples };
  });

const single = (definition: MetricDefinition, value: number | null): Family => ({
  definition,
  samples: value === null ? [] : [{ labels: {}, value }],
});

/** Retention and ARR at one instant. */
export const figureFamilies = (
  { asOf, rows, largestLossMinor, withoutAttribute }: RetentionFigures,
  currency: string,
  cache: LabelCache,
): readonly Family[] => {
  const major = majorUnitsOf(currency);
  const labels = cache(rows, currency);
  const retention = rows.filter((row) => row.kind === 'retention');
  const arr = rows.filter((row) => row.kind === 'arr');
  const losses = [...largestLossMinor].map(([window, minor]) => ({
    labels: { window, currency },
    value: major(minor),
  }));
  return [
    ...families(retention, labels, ofRetention(major)),
    ...families(arr, labels, ofArr(major)),
    { definition: RETENTION.largestLoss, samples: losses },
    {
      definition: RETENTION.withoutAttribute,
      samples: [...withoutAttribute].map(([dimension, value]) => ({
        labels: { dimension },
        value,
      })),
    },
    single(RETENTION.asOf, asOf / 1000),
  ];
};

/** One series for each known member of the label, 0 where nothing was counted yet. */
const counted = (
  definition: MetricDefinition,
  label: keyof typeof KNOWN_MEMBERS,
  read: (member: string) => number,
  beside: Labels = {},
): Family => ({
  definition,
  samples: KNOWN_MEMBERS[label].map((member) => ({
    labels: { [label]: member, ...beside },
    value: read(member),
  })),
});

const totalsOf = ({ currency, counters, deltasPublished }: MetricsSnapshot): readonly Family[] => {
  const major = majorUnitsOf(currency);
  const total = (name: string): number => counters.get(name) ?? 0;
  const events = KNOWN_MEMBERS.result.reduce((sum, result) => sum + total(`events:${result}`), 0);
  return [
    counted(RETENTION.movements, 'movement', (kind) => major(total(`movements:${kind}`)), {
      currency,
    }),
    {
      definition: RETENTION.late,
      samples: [{ labels: { currency }, value: major(total('arr:late')) }],
    },
    {
      definition: RETENTION.corrected,
      samples: [{ labels: { currency }, value: major(total('arr:corrected')) }],
    },
    counted(RETENTION.events, 'result', (result) => total(`events:${result}`)),
    counted(RETENTION.deadLetters, 'reason', (reason) => total(`dead_letters:${reason}`)),
    single(RETENTION.deadLetterRatio, events === 0 ? null : total('events:dead_letter') / events),
    single(RETENTION.deltasPublished, deltasPublished),
  ];
};

const inputOf = ({ lastRecordAt, lagByPartition }: MetricsSnapshot): readonly Family[] => [
  single(RETENTION.lastRecord, lastRecordAt === null ? null : lastRecordAt / 1000),
  {
    definition: RETENTION.lag,
    samples: [...lagByPartition].map(([partition, value]) => ({
      labels: { partition: String(partition) },
      value,
    })),
  },
];

/** The metrics of a snapshot, for one scrape; a cache serves many. */
export const retentionMetrics = (
  snapshot: MetricsSnapshot,
  cache: LabelCache = labelCache(),
): MetricSource => ({
  addTo: (registry) => {
    const { figures, currency, generation } = snapshot;
    for (const family of [
      { definition: RETENTION.generation, samples: [{ labels: { generation }, value: 1 }] },
      ...(figures === null ? [] : figureFamilies(figures, currency, cache)),
      ...inputOf(snapshot),
      ...totalsOf(snapshot),
    ]) {
      addFamily(registry, family);
    }
  },
});
