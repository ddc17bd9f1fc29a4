/**
 * The exporter's metrics, made from one snapshot. Retention and ARR are whole or absent; a ratio
 * with nothing open is absent, never 0 or NaN. Never a customer in a label.
 */

import type { ArrRow, RetentionRow } from '@holdfast/domain/aggregates.ts';
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

/** Rows with their labels, with and without the currency; every metric shares these objects. */
const labelled = <Row>(rows: readonly Row[], currency: string, labelsOf: (row: Row) => Labels) =>
  rows.map((row) => {
    const labels = labelsOf(row);
    return { row, labels, withCurrency: { ...labels, currency } };
  });

const families = <Row>(
  rows: ReturnType<typeof labelled<Row>>,
  metrics: readonly (readonly [MetricDefinition, (row: Row) => number | null])[],
): readonly Family[] =>
  metrics.map(([definition, read]) => {
    const isMoney = definition.labels.includes('currency');
    const samples: Sample[] = [];
    for (const { row, labels, withCurrency } of rows) {
      const value = read(row);
      if (value !== null) samples.push({ labels: isMoney ? withCurrency : labels, value });
    }
    return { definition, samples };
  });

const single = (definition: MetricDefinition, value: number | null): Family => ({
  definition,
  samples: value === null ? [] : [{ labels: {}, value }],
});

const figuresOf = (
  { asOf, rows, largestLossMinor }: RetentionFigures,
  currency: string,
): readonly Family[] => {
  const major = majorUnitsOf(currency);
  const retention = labelled(
    rows.filter((row) => row.kind === 'retention'),
    currency,
    ({ window, dimension, member }) => ({ window, dimension, member }),
  );
  const arr = labelled(
    rows.filter((row) => row.kind === 'arr'),
    currency,
    ({ dimension, member }) => ({ dimension, member }),
  );
  const losses = [...largestLossMinor].map(([window, minor]) => ({
    labels: { window, currency },
    value: major(minor),
  }));
  return [
    ...families(retention, ofRetention(major)),
    ...families(arr, ofArr(major)),
    { definition: RETENTION.largestLoss, samples: losses },
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
  return [
    counted(RETENTION.movements, 'movement', (kind) => major(total(`movements:${kind}`)), {
      currency,
    }),
    counted(RETENTION.events, 'result', (result) => total(`events:${result}`)),
    counted(RETENTION.deadLetters, 'reason', (reason) => total(`dead_letters:${reason}`)),
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

/** The metrics of a snapshot, for one scrape. */
export const retentionMetrics = (snapshot: MetricsSnapshot): MetricSource => ({
  addTo: (registry) => {
    const { figures, currency } = snapshot;
    for (const family of [
      ...(figures === null ? [] : figuresOf(figures, currency)),
      ...inputOf(snapshot),
      ...totalsOf(snapshot),
    ]) {
      addFamily(registry, family);
    }
  },
});
