/**
 * What leaves on `retention-metrics`: the figures of one member over one window, and how far each
 * partition is. The topic is compacted, so each has a key under which only its newest stays.
 */

import type { Instant, MinorUnits, Offset } from '@holdfast/domain/scalars.ts';

export interface RetentionMetric {
  readonly type: 'retention_metric';
  readonly asOf: Instant;
  /** ISO 8601 duration. */
  readonly window: string;
  readonly dimension: string;
  readonly member: string;
  readonly definition: string;
  /** Reporting currency, of every sum here. */
  readonly currency: string;
  readonly openingArrMinor: MinorUnits;
  readonly expansionArrMinor: MinorUnits;
  readonly contractionArrMinor: MinorUnits;
  readonly churnedArrMinor: MinorUnits;
  readonly closingArrMinor: MinorUnits;
  readonly openingCustomers: number;
  readonly retainedCustomers: number;
  /** Ratios; null when nothing was open. */
  readonly nrr: number | null;
  readonly grr: number | null;
  readonly logoRetention: number | null;
}

export interface PartitionProgress {
  readonly type: 'partition_progress';
  readonly partition: number;
  readonly nextOffset: Offset;
  readonly asOf: Instant;
  /**
   * The last delta that belongs to the boundary; it and all before it can be read in `arr-deltas`.
   * -1 before the first delta, whose sequence is 0.
   */
  readonly sequence: number;
}

export type Metric = RetentionMetric | PartitionProgress;

/** The record's key: `window/dimension/member`, each percent-encoded, or `partition/N`. */
export const metricKey = (metric: Metric): string =>
  metric.type === 'partition_progress'
    ? `partition/${metric.partition}`
    : [metric.window, metric.dimension, metric.member].map(encodeURIComponent).join('/');
