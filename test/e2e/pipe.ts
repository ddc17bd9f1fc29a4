/**
 * One pipe of a test: topics, instance, group and Redis keys of its own on the shared servers, and
 * a producer that any user might have (kafkajs as it comes, Avro through the registry). Starts no
 * service; see in-process.ts and child.ts for that. Never empties a server.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyOf } from '@holdfast/config/policy.ts';
import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { kafkaClient } from '@holdfast/kafka/client.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import type { TopicNames } from '@holdfast/kafka/topic-settings.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import { type Services, uniqueName } from '@holdfast/testkit/services.ts';
// Node does not see all names among the exports of a CommonJS module.
import kafkajs, { type Kafka } from 'kafkajs';
import { registerChanges } from '../../packages/service/src/registry.ts';

export interface PipeOptions {
  /** As a policy file has it. */
  readonly policy?: object;
  readonly partitions?: number;
  /** The largest record of the input; Kafka's default unless given. */
  readonly maxMessageBytes?: number;
}

/** A record as its producer hands it to Kafka. */
export interface RawRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  /** UTC ms. */
  readonly timestamp: number;
  /** Without it the key decides. */
  readonly partition?: number;
}

export interface Pipe extends AsyncDisposable {
  readonly services: Services;
  readonly topics: TopicNames;
  readonly identity: { readonly instance: string; readonly generation: string };
  readonly partitions: number;
  readonly policy: Policy;
  /** The environment of every service of this pipe. */
  readonly env: Readonly<Record<string, string>>;
  readonly kafka: Kafka;
  readonly encode: (record: ChangeRecord) => Buffer;
  /** In Avro, keyed by customer, in this order; resolves when Kafka has them. */
  produce(records: readonly ChangeRecord[]): Promise<void>;
  produceRaw(records: readonly RawRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Far above what a busy machine takes to bring a condition about. */
export const SOON = { timeout: 60_000, interval: 20 } as const;

/** What one send of a producer holds; each partition gets its share as one batch. */
const RECORDS_A_SEND = 500;

export const openPipe = async (
  services: Services,
  { policy = {}, partitions = 2, maxMessageBytes }: PipeOptions = {},
): Promise<Pipe> => {
  const identity = { instance: uniqueName('e2e'), generation: '1' };
  const topics: TopicNames = {
    changes: `${identity.instance}.changes`,
    deltas: `${identity.instance}.deltas`,
    deadLetters: `${identity.instance}.dead-letters`,
    metrics: `${identity.instance}.metrics`,
  };
  const brokers = services.bootstrap.split(',');
  const kafka = kafkaClient({ brokers, clientId: 'e2e', log: () => undefined });
  await ensureTopics({
    kafka,
    topics,
    partitions,
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
  });
  const registry = schemaRegistry({ url: services.registryUrl, clientId: 'e2e' });
  const encoder = avroChangeEncoder(await registerChanges(registry, topics.changes));
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    // A send is repeated whole where one partition of it was refused, as that of a new topic may be.
    idempotent: true,
  });
  await producer.connect();
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify(policy));

  const encode = (record: ChangeRecord): Buffer => Buffer.from(encoder(record));
  const produceRaw = async (records: readonly RawRecord[]): Promise<void> => {
    for (let from = 0; from < records.length; from += RECORDS_A_SEND) {
      await producer.send({
        topic: topics.changes,
        messages: records
          .slice(from, from + RECORDS_A_SEND)
          .map(({ timestamp, ...record }) => ({ ...record, timestamp: String(timestamp) })),
      });
    }
  };
  const close = async (): Promise<void> => {
    await producer.disconnect();
    rmSync(folder, { recursive: true });
  };

  return {
    services,
    topics,
    identity,
    partitions,
    policy: policyOf(policy),
    env: {
      HOLDFAST_KAFKA_BOOTSTRAP: services.bootstrap,
      HOLDFAST_REGISTRY_URL: services.registryUrl,
      HOLDFAST_REDIS_URL: services.redisUrl,
      HOLDFAST_TOPIC_CHANGES: topics.changes,
      HOLDFAST_TOPIC_DELTAS: topics.deltas,
      HOLDFAST_TOPIC_DEAD_LETTERS: topics.deadLetters,
      HOLDFAST_TOPIC_METRICS: topics.metrics,
      HOLDFAST_INSTANCE: identity.instance,
      HOLDFAST_GENERATION: identity.generation,
      HOLDFAST_POLICY_FILE: policyFile,
      HOLDFAST_HTTP_PORT: '0',
    },
    kafka,
    encode,
    produce: (records) =>
      produceRaw(
        records.map((record) => ({
          key: record.customerId,
          value: encode(record),
          timestamp: record.recordedAt,
        })),
      ),
    produceRaw,
    close,
    [Symbol.asyncDispose]: close,
  };
};
