/** Figures and progress as the records of `retention-metrics`; the same figures as the gauges'. */

import type { Metric, PartitionProgress, RetentionMetric } from '@holdfast/contracts/metric.ts';
import { grr, logoRetention, nrr } from '@holdfast/domain/ratios.ts';
import { instant, minorUnits, offset } from '@holdfast/domain/scalars.ts';
import type { PublishedBoundary } from '@holdfast/pipeline/ports.ts';
import type { RetentionFigures } from '@holdfast/telemetry/snapshot.ts';

/** The one that is kept incrementally. */
const DEFINITION = 'point_to_point';

export const retentionRecords = (
  { asOf, rows }: RetentionFigures,
  currency: string,
): readonly RetentionMetric[] =>
  rows
    .filter((row) => row.kind === 'retention')
    .map((row) => ({
      type: 'retention_metric',
      asOf: instant(asOf),
      window: row.window,
      dimension: row.dimension,
      member: row.member,
      definition: DEFINITION,
      currency,
      openingArrMinor: minorUnits(row.openingArrMinor),
      expansionArrMinor: minorUnits(row.expansionArrMinor),
      contractionArrMinor: minorUnits(row.contractionArrMinor),
      churnedArrMinor: minorUnits(row.churnedArrMinor),
      closingArrMinor: minorUnits(row.closingArrMinor),
      openingCustomers: row.openingCustomers,
      retainedCustomers: row.retainedCustomers,
      nrr: nrr(row),
      grr: grr(row),
      logoRetention: logoRetention(row),
    }));

/** Partitions of which nothing can be told are left out. */
export const progressRecords = (
  boundaries: readonly (PublishedBoundary | null)[],
): readonly PartitionProgress[] =>
  boundaries.flatMap((boundary, partition) =>
    boundary === null
      ? []
      : [
          {
            type: 'partition_progress',
            partition,
            nextOffset: offset(boundary.nextOffset),
            asOf: instant(boundary.asOf),
            sequence: boundary.sequence,
          },
        ],
  );

/**
 * What a record says besides its key, as a text; of retention without its as-of, for a figure that
 * is still the same is no news. Of progress the as-of is the news.
 */
export const saying = (metric: Metric): string =>
  metric.type === 'partition_progress'
    ? [metric.nextOffset, metric.asOf, metric.sequence].join()
    : [
        metric.definition,
        metric.currency,
        metric.openingArrMinor,
        metric.expansionArrMinor,
        metric.contractionArrMinor,
        metric.churnedArrMinor,
        metric.closingArrMinor,
        metric.openingCustomers,
        metric.retainedCustomers,
      ].join();
