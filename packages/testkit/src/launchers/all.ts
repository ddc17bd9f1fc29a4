/**
 * Kafka, the registry and Redis together, side by side: what the shared services of the tests and
 * the local stack start.
 */

import { dockerAnswers } from './docker.ts';
import { type KafkaOptions, startKafka } from './kafka.ts';
import { programsForFiles } from './native-files.ts';
import { requirePrograms } from './programs.ts';
import { type Redis, type RedisOptions, startRedis } from './redis.ts';
import { type Registry, startRegistry } from './registry.ts';
import type { Kafka } from './server.ts';

export interface All {
  readonly kafka: Kafka;
  readonly registry: Registry;
  readonly redis: Redis;
  /** Ends them all and removes their data. */
  stop(): Promise<void>;
}

/**
 * Resolves when all serve. Throws `service_missing` with everything that this machine lacks, in
 * one message; `service_failed` when one does not come up, with the others ended.
 */
export const startAll = async (
  options: { readonly kafka?: KafkaOptions; readonly redis?: RedisOptions } = {},
): Promise<All> => {
  if (!(await dockerAnswers())) {
    await requirePrograms([...(await programsForFiles()), 'redis-server']);
  }
  const starts = [startKafka(options.kafka), startRegistry(), startRedis(options.redis)] as const;
  try {
    const [kafka, registry, redis] = await Promise.all(starts);
    const stop = async (): Promise<void> => {
      await Promise.all([kafka.stop(), registry.stop(), redis.stop()]);
    };
    return { kafka, registry, redis, stop };
  } catch (error) {
    const settled = await Promise.allSettled(starts);
    await Promise.all(settled.map((one) => one.status === 'fulfilled' && one.value.stop()));
    throw error;
  }
};
