/**
 * Wires the exporter: figures are read from the aggregates in Redis at each scrape and once a second
 * for their topic; Kafka is asked once how many partitions there are. Folds nothing, and writes
 * nothing but that topic.
 */

import type { ExporterConfig } from '@holdfast/config/services.ts';
import { avroMetricCodec } from '@holdfast/contracts/avro-metric.ts';
import { kafkaEventLog } from '@holdfast/kafka/event-log.ts';
import { kafkaKeyedTopic } from '@holdfast/kafka/keyed-topic.ts';
import type { ProjectionReader } from '@holdfast/pipeline/ports.ts';
import { openRedis, type RedisConnection } from '@holdfast/redis/connection.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { clockOf } from '@holdfast/service/clock.ts';
import { figuresReader } from '@holdfast/service/figures.ts';
import { serveHttp } from '@holdfast/service/http.ts';
import { kafkaOf } from '@holdfast/service/kafka.ts';
import { keepTrying } from '@holdfast/service/keep-trying.ts';
import { publishMetrics } from '@holdfast/service/publish-metrics.ts';
import { registerMetrics, registryOf } from '@holdfast/service/registry.ts';
import type { ServiceTools } from '@holdfast/service/run.ts';
import { raised } from '@holdfast/service/stop.ts';
import { exporterRoutes, type Source } from './routes.ts';

export async function runExporter(config: ExporterConfig, tools: ServiceTools): Promise<void> {
  const { log, stop } = tools;
  let source: Source = 'starting';
  const http = await serveHttp({
    ...config.http,
    routes: exporterRoutes(() => source, log),
    failed: (path, error) => log.error('an answer failed', { path, error }),
  });
  log.info('serving', { url: http.url });
  const redis = openRedis(config.redis);
  try {
    const reader = await readerOf(config, tools, redis, (what) => {
      source = what;
    });
    source = lookAt(config, reader);
    log.info('reading', { instance: config.identity.instance });
    await (config.publishing.metrics === 'on' ? publish(config, tools, reader) : raised(stop));
  } finally {
    await http.close();
    redis.close();
  }
}

async function readerOf(
  config: ExporterConfig,
  { log, stop }: ServiceTools,
  redis: RedisConnection,
  waits: (what: string) => void,
): Promise<ProjectionReader> {
  const kafka = kafkaOf(config.kafka, 'exporter', log);
  const input = kafkaEventLog({ kafka, topic: config.topics.changes, groupId: 'not joined' });
  const waitingFor = (error: Error | null): void => {
    if (error === null) return;
    waits(error.message);
    log.warn(error.message);
  };
  const clock = clockOf(config.run.clock, Date.now);
  const partitions = await keepTrying({ clock, stop, waitingFor }, () => input.partitionCount());
  return redisProjectionReader(redis, { ...config.identity, partitions });
}

/** Each remembers a last whole sum of its own. */
const lookAt = ({ identity, run }: ExporterConfig, reader: ProjectionReader) =>
  figuresReader({
    generation: identity.generation,
    reader,
    policy: run.policy,
    clock: clockOf(run.clock, Date.now),
  });

const publish = (
  config: ExporterConfig,
  { log, stop }: ServiceTools,
  reader: ProjectionReader,
): Promise<void> => {
  const { metrics } = config.topics;
  const kafka = kafkaOf(config.kafka, 'exporter', log);
  const registry = registryOf(config.registry, 'exporter');
  return publishMetrics({
    look: lookAt(config, reader),
    reader,
    openTopic: () => kafkaKeyedTopic(kafka, metrics),
    openCodec: async () => avroMetricCodec(await registerMetrics(registry, metrics), registry),
    clock: clockOf({ kind: 'wall' }, Date.now),
    stopwatch: () => performance.now(),
    now: Date.now,
    log,
    stop,
  });
};
