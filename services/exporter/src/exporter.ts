/**
 * Wires the exporter: figures are read from the aggregates in Redis at each scrape, Kafka is asked
 * once how many partitions there are. Writes nothing and folds nothing.
 */

import type { ExporterConfig } from '@holdfast/config/services.ts';
import { kafkaEventLog } from '@holdfast/kafka/event-log.ts';
import { openRedis, type RedisConnection } from '@holdfast/redis/connection.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { clockOf } from '@holdfast/service/clock.ts';
import { figuresReader } from '@holdfast/service/figures.ts';
import { serveHttp } from '@holdfast/service/http.ts';
import { kafkaOf } from '@holdfast/service/kafka.ts';
import { keepTrying } from '@holdfast/service/keep-trying.ts';
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
    source = await sourceOf(config, tools, redis, (what) => {
      source = what;
    });
    log.info('reading', { instance: config.identity.instance });
    await raised(stop);
  } finally {
    await http.close();
    redis.close();
  }
}

async function sourceOf(
  config: ExporterConfig,
  { log, stop }: ServiceTools,
  redis: RedisConnection,
  waits: (what: string) => void,
): Promise<Source> {
  const clock = clockOf(config.run.clock, Date.now);
  const kafka = kafkaOf(config.kafka, 'exporter', log);
  const input = kafkaEventLog({ kafka, topic: config.topics.changes, groupId: 'not joined' });
  const waitingFor = (error: Error | null): void => {
    if (error === null) return;
    waits(error.message);
    log.warn(error.message);
  };
  const partitions = await keepTrying({ clock, stop, waitingFor }, () => input.partitionCount());
  const reader = redisProjectionReader(redis, { ...config.identity, partitions });
  return figuresReader({ reader, policy: config.run.policy, clock });
}
