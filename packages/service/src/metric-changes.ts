/**
 * What of the figures is news to `retention-metrics`. Several exporters may write one topic: each
 * reads what the others wrote and adds only what differs, is not older, and is not sooner than a
 * second after the last record of that key. Two that write at the same moment say the same twice;
 * should the older one come last, the next round mends it.
 */

import { type Metric, metricKey } from '@holdfast/contracts/metric.ts';
import { MAX_AGE_MS } from '@holdfast/pipeline/snapshot.ts';
import { saying } from './metric-records.ts';

export interface MetricChange {
  readonly key: string;
  /** Null: there is no such member any more. */
  readonly metric: Metric | null;
}

export interface MetricChanges {
  /** A record that lies in the topic. `metric` is null where it was removed or can't be read. */
  saw(key: string, metric: Metric | null, at: number): void;
  /**
   * The records to write, which from now on count as written: figures, then progress. Progress waits
   * for every figure, so that who has seen it has seen all figures of that instant.
   */
  next(figures: readonly Metric[], progress: readonly Metric[], at: number): MetricChange[];
}

interface Held {
  readonly metric: Metric | null;
  /** When it was first seen, real ms. */
  readonly since: number;
}

const ONE_A_SECOND_MS = 1_000;

const same = (a: Metric | null, b: Metric | null): boolean =>
  a === null || b === null ? a === b : saying(a) === saying(b);

/** Instants `at` are real milliseconds of any one clock that never goes back. */
export const metricChanges = (): MetricChanges => {
  const held = new Map<string, Held>();

  /** Whether the key must wait: written a moment ago, or by another exporter that knows more. */
  const mustWait = (key: string, asOf: number, at: number): boolean => {
    const last = held.get(key);
    if (last === undefined) return false;
    const age = at - last.since;
    const newer = last.metric !== null && last.metric.asOf > asOf && age < MAX_AGE_MS;
    return age < ONE_A_SECOND_MS || newer;
  };

  const news = (metrics: readonly Metric[]): readonly MetricChange[] =>
    metrics
      .map((metric) => ({ key: metricKey(metric), metric }))
      .filter(({ key, metric }) => !same(held.get(key)?.metric ?? null, metric));

  /** Retention of members that the figures do not know any more. */
  const vanished = (figures: readonly Metric[]): readonly MetricChange[] => {
    const present = new Set(figures.map(metricKey));
    return [...held]
      .filter(([key, { metric }]) => metric?.type === 'retention_metric' && !present.has(key))
      .map(([key]) => ({ key, metric: null }));
  };

  return {
    saw: (key, metric, at) => {
      const last = held.get(key);
      const known = last !== undefined && same(last.metric, metric);
      if (!known || last.metric?.asOf !== metric?.asOf) held.set(key, { metric, since: at });
    },
    next: (figures, progress, at) => {
      const [first] = figures;
      const asOf = first?.asOf ?? Number.POSITIVE_INFINITY;
      const changed = [...news(figures), ...vanished(figures)];
      const ready = changed.filter(({ key }) => !mustWait(key, asOf, at));
      const followed =
        ready.length < changed.length
          ? []
          : news(progress).filter(({ key, metric }) => !mustWait(key, metric?.asOf ?? asOf, at));
      const changes = [...ready, ...followed];
      for (const { key, metric } of changes) held.set(key, { metric, since: at });
      return changes;
    },
  };
};
