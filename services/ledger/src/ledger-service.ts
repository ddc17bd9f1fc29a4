/**
 * Wires the ledger: deltas and progress from Kafka in, questions over HTTP out. No rule of the
 * business lives here.
 */

import { startApi } from '@holdfast/api/server.ts';
import type { PipelineState } from '@holdfast/api/status.ts';
import type { LedgerConfig } from '@holdfast/config/services.ts';
import { consoleFiles } from '@holdfast/console/files.ts';
import { avroDeltaReader } from '@holdfast/contracts/avro-delta.ts';
import { avroMetricReader } from '@holdfast/contracts/avro-metric.ts';
import { kafkaEventLog } from '@holdfast/kafka/event-log.ts';
import { kafkaInputEnds } from '@holdfast/kafka/input-ends.ts';
import { kafkaKeyedTopic } from '@holdfast/kafka/keyed-topic.ts';
import { kafkaOutputReader } from '@holdfast/kafka/output-reader.ts';
import { type Ledger, openLedger } from '@holdfast/ledger/ledger.ts';
import { clockOf } from '@holdfast/service/clock.ts';
import { healthRoutes, type Readiness } from '@holdfast/service/health.ts';
import { kafkaOf } from '@holdfast/service/kafka.ts';
import { keepTrying } from '@holdfast/service/keep-trying.ts';
import { registryOf } from '@holdfast/service/registry.ts';
import type { ServiceTools } from '@holdfast/service/run.ts';
import { raised } from '@holdfast/service/stop.ts';
import { exposeMetrics } from '@holdfast/telemetry/exposition.ts';
import { ledgerMetrics } from '@holdfast/telemetry/ledger-metrics.ts';
import { type Following, followDeltas, followProgress } from './follow.ts';
import { watchPipeline } from './watch-pipeline.ts';

export async function runLedger(config: LedgerConfig, tools: ServiceTools): Promise<void> {
  const { log, stop } = tools;
  const { http, topics, run, ledger: settings } = config;
  const clock = clockOf(run.clock, Date.now);
  const waits = new Map<string, string>();
  const patient = (what: string) => ({
    clock,
    stop,
    waitingFor: (error: Error | null): void => {
      if (error === null) {
        waits.delete(what);
        return;
      }
      waits.set(what, error.message);
      log.warn(error.message, { what });
    },
  });
  const kafka = kafkaOf(config.kafka, 'ledger', log);
  const published = kafkaEventLog({ kafka, topic: topics.deltas, groupId: 'not joined' });
  const partitions = await keepTrying(patient('partitions'), () => published.partitionCount());
  const ledger = await openLedger({
    policy: run.policy,
    partitions,
    path: settings.file ?? null,
    threads: settings.threads,
    memoryMiB: settings.memoryMiB,
  });
  const reading = readAll(config, tools, ledger, partitions, (what) => ({
    clock,
    stop,
    patiently: (round) => keepTrying(patient(what), round),
  }));
  const { intake } = ledger;
  const metrics = ledgerMetrics(() => ({
    deltas: intake.size,
    customers: intake.customers,
    nextSequences: intake.sequences(),
    asOf: intake.asOf(),
    lagEvents: reading.pipeline().lagEvents,
  }));
  try {
    const api = await startApi({
      ...http,
      ledger,
      clock,
      stopwatch: () => performance.now(),
      pipeline: reading.pipeline,
      token: settings.token ?? null,
      requestsAMinute: settings.requestsAMinute,
      pages: {
        ...healthRoutes(() => readinessOf(ledger, waits)),
        '/metrics': async ({ headers }) => ({
          status: 200,
          ...(await exposeMetrics(headers.accept, [metrics])),
        }),
      },
      console: await consoleFiles(),
      failed: (path, error) => log.error('an answer failed', { path, error }),
      answered: metrics.answered,
    });
    log.info('serving', { url: api.url });
    try {
      await Promise.race([reading.ended, raised(stop)]);
    } finally {
      await api.close();
    }
  } finally {
    await reading.close();
    await ledger.close();
  }
}

const readinessOf = (ledger: Ledger, waits: ReadonlyMap<string, string>): Readiness => {
  const [waitsFor] = waits.values();
  if (waitsFor !== undefined) return { ready: false, why: waitsFor };
  const asOf = ledger.intake.asOf();
  return asOf === null
    ? { ready: false, why: 'not all partitions are read to their end yet' }
    : { ready: true, why: `complete up to ${new Date(asOf).toISOString()}` };
};

interface Reading {
  readonly pipeline: () => PipelineState;
  /** Rejects with what can't be helped. */
  readonly ended: Promise<unknown>;
  /** Resolves when nothing is read or taken in any more; `stop` need not be raised. */
  close(): Promise<void>;
}

function readAll(
  config: LedgerConfig,
  { log, stop }: ServiceTools,
  ledger: Ledger,
  partitions: number,
  following: (what: string) => Following,
): Reading {
  const { topics } = config;
  const kafka = kafkaOf(config.kafka, 'ledger', log);
  const registry = registryOf(config.registry, 'ledger');
  const { deltas: deltaTopic, deadLetters: deadLetterTopic } = topics;
  const deltas = kafkaOutputReader({ kafka, deltaTopic, deadLetterTopic });
  const metrics = kafkaKeyedTopic(kafka, topics.metrics);
  const inputEnds = kafkaInputEnds(kafka, topics.changes, partitions);
  const ending = new AbortController();
  const until = AbortSignal.any([stop, ending.signal]);
  const of = (what: string): Following => ({ ...following(what), stop: until });

  const deltaCodec = avroDeltaReader(registry);
  const metricCodec = avroMetricReader(registry);
  const watch = watchPipeline({
    intake: ledger.intake,
    partitions,
    inputEnds,
    reader: deltas,
    clock: clockOf(config.run.clock, Date.now),
    stop: until,
    failed: (error) => log.warn(error.message, { what: 'lag and dead letters' }),
  });
  const ended = Promise.all([
    watch.ended,
    ...Array.from({ length: partitions }, (_, partition) =>
      followDeltas(deltas, deltaCodec, ledger.intake, partition, of(`partition ${partition}`)),
    ),
    followProgress(metrics, metricCodec, ledger.intake, partitions, of('progress')),
  ]);
  ended.catch(() => ending.abort());
  return {
    pipeline: watch.state,
    ended,
    close: async () => {
      ending.abort();
      await Promise.all([deltas.close(), metrics.close(), inputEnds.close()]);
      await Promise.allSettled([ended]);
    },
  };
}
