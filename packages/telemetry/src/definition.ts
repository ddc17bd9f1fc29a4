/**
 * What a metric is called and what it says, as plain data: exposition and docs/METRICS.md are both
 * made from it, so that they can't differ.
 */

export interface MetricDefinition {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending. */
  readonly buckets?: readonly number[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all of its series at one instant; none: the metric is absent. */
export interface Family {
  readonly definition: MetricDefinition;
  readonly samples: readonly Sample[];
}
