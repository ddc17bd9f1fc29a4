/**
 * What the exporter knows at one instant, as plain data: sums over all partitions and what stands
 * beside them. How the sums are made, and when they may be shown, is decided elsewhere.
 */

import type { AggregateRow } from '@holdfast/domain/aggregates.ts';

/** Retention and ARR at `asOf`: all of it is true at that instant, or there is none. */
export interface RetentionFigures {
  /** UTC ms. */
  readonly asOf: number;
  readonly rows: readonly AggregateRow[];
  /** The greatest loss of one customer by window, minor units; windows without a loss are left out. */
  readonly largestLossMinor: ReadonlyMap<string, number>;
  /** Customers with ARR that lack the attribute, by dimension; 0 is said as well. */
  readonly withoutAttribute: ReadonlyMap<string, number>;
}

export interface MetricsSnapshot {
  /** ISO 4217 code of the reporting currency. */
  readonly currency: string;
  /** The generation that the figures and totals belong to. */
  readonly generation: string;
  /** Null while the figures can't be known. */
  readonly figures: RetentionFigures | null;
  /** Greatest timestamp of the input's records, UTC ms; null before the first. */
  readonly lastRecordAt: number | null;
  /** Records not folded yet, by partition. */
  readonly lagByPartition: ReadonlyMap<number, number>;
  /**
   * Totals that the store keeps exactly once, summed over partitions: `events:<result>`,
   * `dead_letters:<reason>`, `movements:<kind>`, `arr:late`, `arr:corrected` (minor units).
   */
  readonly counters: ReadonlyMap<string, number>;
  /** Deltas given a sequence so far, summed over partitions. */
  readonly deltasPublished: number;
}
