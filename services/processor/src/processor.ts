/**
 * Wires the pipeline to Kafka, the registry and Redis as the configuration says, runs it and ends
 * it in order. No rule of the business, of the fold or of the commit lives here.
 */

import { randomUUID } from 'node:crypto';
import { policyHash } from '@holdfast/config/policy-hash.ts';
import type { ProcessorConfig } from '@holdfast/config/services.ts';
import { avroChangeCodec } from '@holdfast/contracts/avro-change.ts';
import { avroDeltaCodec } from '@holdfast/contracts/avro-delta.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { kafkaDeltaSink } from '@holdfast/kafka/delta-sink.ts';
import { kafkaEventLog } from '@holdfast/kafka/event-log.ts';
import { partitionFor } from '@holdfast/kafka/partitioner.ts';
import { checkTopics } from '@holdfast/kafka/topics.ts';
import { type Processor, startProcessor } from '@holdfast/pipeline/processor.ts';
import type { WorkerTools } from '@holdfast/pipeline/worker.ts';
import { openRedis, type RedisConnection } from '@holdfast/redis/connection.ts';
import { redisProjectionStore } from '@holdfast/redis/projection-store.ts';
import { clockOf } from '@holdfast/service/clock.ts';
import { healthRoutes } from '@holdfast/service/health.ts';
import { serveHttp } from '@holdfast/service/http.ts';
import { kafkaOf } from '@holdfast/service/kafka.ts';
import { keepTrying, type Patience } from '@holdfast/service/keep-trying.ts';
import { registerDeltas, registryOf } from '@holdfast/service/registry.ts';
import type { ServiceTools } from '@holdfast/service/run.ts';
import { raised } from '@holdfast/service/stop.ts';
import { exposeMetrics } from '@holdfast/telemetry/exposition.ts';
import { pipelineMetrics } from '@holdfast/telemetry/pipeline-metrics.ts';
import { type Listeners, workerEvents } from './events.ts';
import { processorStatus } from './status.ts';
import { timedSink } from './timed-sink.ts';

/** Gauges are as old as this where no records come; each partition costs a small commit so often. */
const TICK_EVERY_MS = 500;

export async function runProcessor(config: ProcessorConfig, tools: ServiceTools): Promise<void> {
  const { log, stop } = tools;
  const clock = clockOf(config.run.clock, Date.now);
  const metrics = pipelineMetrics();
  const status = processorStatus();
  const http = await serveHttp({
    ...config.http,
    routes: {
      ...healthRoutes(status.readiness),
      '/metrics': async ({ headers }) => ({
        status: 200,
        ...(await exposeMetrics(headers.accept, [metrics])),
      }),
    },
    failed: (path, error) => log.error('an answer failed', { path, error }),
  });
  log.info('serving', { url: http.url });
  const redis = openRedis(config.redis);
  try {
    const listeners = { metrics, status, log, clock };
    const processor = await startUp(config, tools, listeners, redis);
    status.joined();
    await runUntilStopped(processor, stop, () => status.ending());
  } finally {
    redis.close();
    await http.close();
  }
}

/** Keeps trying while Kafka or the registry can't be reached; Redis is first needed by a claim. */
async function startUp(
  config: ProcessorConfig,
  { log, stop }: ServiceTools,
  listeners: Listeners,
  redis: RedisConnection,
): Promise<Processor> {
  const { topics, identity, limits, run } = config;
  const { clock, metrics, status } = listeners;
  const patience: Patience = {
    clock,
    stop,
    waitingFor: (error) => {
      status.waitingFor(error?.message ?? null);
      if (error !== null) log.warn(error.message, { code: error.code });
    },
  };
  const kafka = kafkaOf(config.kafka, 'processor', log);
  const registry = registryOf(config.registry, 'processor');
  await keepTrying(patience, () => checkTopics(kafka, topics));
  const ids = await keepTrying(patience, () => registerDeltas(registry, topics.deltas));
  const input = kafkaEventLog({
    kafka,
    topic: topics.changes,
    groupId: `${identity.instance}-${identity.generation}`,
    maxBytesPerPartition: limits.fetchBytes,
  });
  const partitions = await keepTrying(patience, () => input.partitionCount());
  const sink = kafkaDeltaSink({
    kafka,
    deltaTopic: topics.deltas,
    deadLetterTopic: topics.deadLetters,
    ...identity,
    // Every client reads it, kafkajs without a codec too; a broker may compress what it stores.
    compression: 'none',
    now: Date.now,
  });
  const stopwatch = (): number => performance.now() / 1000;
  const tools: WorkerTools = {
    machine: {
      rules: compileRules(run.policy),
      changes: avroChangeCodec(registry),
      deltas: avroDeltaCodec(ids),
      topic: topics.changes,
      generation: identity.generation,
      partitionFor: (key) => partitionFor(key, partitions),
    },
    store: redisProjectionStore(redis, {
      ...identity,
      randomId: randomUUID,
      warn: (warning) => log.warn(warning),
    }),
    sink: timedSink(sink, stopwatch, metrics.publishTook),
    clock,
    policyHash: policyHash(run.policy),
    // One process may come to own every partition.
    cacheCapacity: Math.floor(limits.customersInMemory / partitions),
    foldingAgain: (partition, difference) =>
      log.warn('the store differs from the output log: folding again', { partition, difference }),
    events: workerEvents(listeners),
    newId: randomUUID,
    stopwatch,
    batchRecords: limits.batchRecords,
    tickEveryMs: TICK_EVERY_MS,
  };
  return keepTrying(patience, () => startProcessor(input, tools));
}

/** Ends the processor in order, also after a failure: partitions that still work are given up. */
async function runUntilStopped(
  processor: Processor,
  stop: AbortSignal,
  ending: () => void,
): Promise<void> {
  try {
    await Promise.race([processor.done, raised(stop)]);
  } catch (error) {
    await Promise.allSettled([processor.close()]);
    throw error;
  }
  ending();
  await processor.close();
}
