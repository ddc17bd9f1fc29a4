/** Everything that a call reads, wired as the settings say. Opens no producer and claims nothing. */

import type { ReplayerConfig } from '@holdfast/config/services.ts';
import { avroChangeCodec } from '@holdfast/contracts/avro-change.ts';
import { avroDeltaCodec } from '@holdfast/contracts/avro-delta.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { kafkaEventLog } from '@holdfast/kafka/event-log.ts';
import { kafkaOutputReader } from '@holdfast/kafka/output-reader.ts';
import { type OwnedInput, ownInput } from '@holdfast/kafka/partition-input.ts';
import { partitionFor } from '@holdfast/kafka/partitioner.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { CustomerReader, OutputReader, ProjectionReader } from '@holdfast/pipeline/ports.ts';
import { openRedis, type RedisConnection } from '@holdfast/redis/connection.ts';
import { redisCustomerReader } from '@holdfast/redis/customer-reader.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { kafkaOf } from '@holdfast/service/kafka.ts';
import { registerDeltas, registryOf } from '@holdfast/service/registry.ts';
import { createLogger } from '@holdfast/telemetry/logger.ts';

export interface Reach extends AsyncDisposable {
  readonly config: ReplayerConfig;
  readonly kafka: ReturnType<typeof kafkaOf>;
  readonly redis: RedisConnection;
  readonly machine: Machine;
  readonly partitions: number;
  readonly output: OutputReader;
  readonly views: ProjectionReader;
  readonly customers: CustomerReader;
  /** The input's partition, in no group. End it when done. */
  readonly openInput: (partition: number) => OwnedInput;
}

/** A call reads one partition at a time, so it may take more at once than a processor. */
const FETCH_BYTES = 1024 * 1024;

export async function openReach(config: ReplayerConfig): Promise<Reach> {
  const { topics, identity, run } = config;
  // What can't be mended by trying again is thrown at us; the rest is of no use to who calls.
  const kafka = kafkaOf(
    config.kafka,
    'replayer',
    createLogger({ service: 'replayer', level: 'silent' }),
  );
  const registry = registryOf(config.registry, 'replayer');
  const input = kafkaEventLog({ kafka, topic: topics.changes, groupId: 'not joined' });
  const partitions = await input.partitionCount();
  const ids = await registerDeltas(registry, topics.deltas);
  const output = kafkaOutputReader({
    kafka,
    deltaTopic: topics.deltas,
    deadLetterTopic: topics.deadLetters,
  });
  const redis = openRedis(config.redis);
  return {
    config,
    kafka,
    redis,
    partitions,
    output,
    machine: {
      rules: compileRules(run.policy),
      changes: avroChangeCodec(registry),
      deltas: avroDeltaCodec(ids),
      topic: topics.changes,
      generation: identity.generation,
      partitionFor: (key) => partitionFor(key, partitions),
    },
    views: redisProjectionReader(redis, { ...identity, partitions }),
    customers: redisCustomerReader(redis, identity),
    openInput: (partition) => ownInput(kafka, topics.changes, partition, FETCH_BYTES),
    [Symbol.asyncDispose]: async () => {
      redis.close();
      await output.close();
    },
  };
}
