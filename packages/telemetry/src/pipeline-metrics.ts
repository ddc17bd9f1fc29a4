/**
 * The processor's metrics: what this process does just now. Totals that must be exact over crashes
 * are kept by the store and shown by the exporter, under names of their own.
 */

import { Histogram } from 'prom-client';
import type { MetricDefinition } from './definition.ts';
import { addFamily, type MetricSource } from './exposition.ts';

/** Where the time of one batch goes. */
export const STAGES = ['read', 'fold', 'commit', 'publish'] as const;
export type Stage = (typeof STAGES)[number];

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export const PIPELINE = {
  eventToCommit: {
    name: 'holdfast_event_to_commit_seconds',
    type: 'histogram',
    help: "From a record's timestamp in the input log to the commit that it is part of.",
    labels: [],
    buckets: SECONDS,
  },
  batchSeconds: {
    name: 'holdfast_batch_seconds',
    type: 'histogram',
    help: 'Time of one batch by stage: read (schemas of its writers), fold (decoding included), commit (store), publish (output log).',
    labels: ['stage'],
    buckets: SECONDS,
  },
  batchRecords: {
    name: 'holdfast_batch_records',
    type: 'histogram',
    help: 'Records in one commit; 0: only time moved on.',
    labels: [],
    buckets: [0, 1, 10, 100, 500, 1000, 2500, 5000, 10_000, 25_000],
  },
  owned: {
    name: 'holdfast_partitions_owned',
    type: 'gauge',
    help: 'Partitions that this process owns.',
    labels: [],
  },
  blocked: {
    name: 'holdfast_partitions_blocked',
    type: 'gauge',
    help: 'Partitions of this process that wait for a store or a log that is out of reach; nothing is lost meanwhile.',
    labels: [],
  },
  fenced: {
    name: 'holdfast_fenced_total',
    type: 'counter',
    help: 'Times that another owner took a partition over from this process.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;

/** What the loop reports; it fits the events of the pipeline's worker. */
export interface PipelineMetrics extends MetricSource {
  claimed(partition: number): void;
  committed(
    partition: number,
    commit: unknown,
    records: number,
    seconds: Readonly<Record<Exclude<Stage, 'publish'>, number>>,
  ): void;
  /** Null: it is back. */
  blocked(partition: number, error: Error | null): void;
  ended(partition: number, how: 'revoked' | 'fenced'): void;
  /** One publish to the output log took so long. */
  publishTook(seconds: number): void;
  /** One record was committed so long after its timestamp; a clock that is behind counts as 0. */
  eventCommitted(secondsAfter: number): void;
}

const histogram = ({
  name,
  help,
  labels,
  buckets,
}: (typeof PIPELINE)['batchSeconds' | 'batchRecords' | 'eventToCommit']) =>
  new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [] });

export const pipelineMetrics = (): PipelineMetrics => {
  const eventToCommit = histogram(PIPELINE.eventToCommit);
  const batchSeconds = histogram(PIPELINE.batchSeconds);
  const batchRecords = histogram(PIPELINE.batchRecords);
  for (const stage of STAGES) batchSeconds.zero({ stage });
  const owned = new Set<number>();
  const blocked = new Set<number>();
  let fenced = 0;
  return {
    claimed: (partition) => {
      owned.add(partition);
      blocked.delete(partition);
    },
    committed: (_partition, _commit, records, seconds) => {
      batchRecords.observe(records);
      for (const stage of ['read', 'fold', 'commit'] as const) {
        batchSeconds.observe({ stage }, seconds[stage]);
      }
    },
    blocked: (partition, error) => {
      if (error === null) blocked.delete(partition);
      else blocked.add(partition);
    },
    ended: (partition, how) => {
      owned.delete(partition);
      blocked.delete(partition);
      if (how === 'fenced') fenced += 1;
    },
    publishTook: (seconds) => batchSeconds.observe({ stage: 'publish' }, seconds),
    eventCommitted: (secondsAfter) => eventToCommit.observe(Math.max(0, secondsAfter)),
    addTo: (registry) => {
      registry.registerMetric(eventToCommit);
      registry.registerMetric(batchSeconds);
      registry.registerMetric(batchRecords);
      for (const [definition, value] of [
        [PIPELINE.owned, owned.size],
        [PIPELINE.blocked, blocked.size],
        [PIPELINE.fenced, fenced],
      ] as const) {
        addFamily(registry, { definition, samples: [{ labels: {}, value }] });
      }
    },
  };
};
