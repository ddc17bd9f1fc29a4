/** Topics of their own on a Kafka that others may use as well, for the contract suites and tests. */

import type { OutputBatch, OutputRecord } from '@holdfast/pipeline/ports.ts';
import { uniqueName } from '@holdfast/testkit/services.ts';
import type { DeltaSinkHarness } from '@holdfast/testkit/suites/delta-sink-harness.ts';
import type {
  EventLogHarness,
  NewRecord,
  TopicUnderTest,
} from '@holdfast/testkit/suites/event-log-harness.ts';
import type { Kafka } from 'kafkajs';
import { withAdmin } from '../src/admin.ts';
import { type KafkaLogLevel, kafkaClient } from '../src/client.ts';
import { type Cluster, kafkaCluster } from '../src/cluster.ts';
import { type KafkaDeltaSinkOptions, kafkaDeltaSink } from '../src/delta-sink.ts';
import { kafkaEventLog } from '../src/event-log.ts';
import { partitionReader } from '../src/partition-reader.ts';
import { partitionWriter } from '../src/partition-writer.ts';
import { within } from '../src/patience.ts';
import { kafkaProducer } from '../src/producer.ts';
import { createTopics } from '../src/topics.ts';
import { transactionalProducer } from '../src/transaction.ts';

export interface KafkaMessage {
  readonly level: KafkaLogLevel;
  readonly message: string;
}

export interface TestKafka {
  readonly kafka: Kafka;
  /** What kafkajs had to say. */
  readonly messages: readonly KafkaMessage[];
}

export const testKafka = (bootstrap: string): TestKafka => {
  const messages: KafkaMessage[] = [];
  const kafka = kafkaClient({
    brokers: bootstrap.split(','),
    clientId: 'holdfast-test',
    log: (level, message) => messages.push({ level, message }),
  });
  return { kafka, messages };
};

/** Room for the 2 MB record of the suites. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const WRITE_TIMEOUT_MS = 60_000;

export const createTopic = async (
  kafka: Kafka,
  topic: string,
  partitions: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const all = {
    'retention.ms': '-1',
    'max.message.bytes': String(MAX_MESSAGE_BYTES),
    ...settings,
  };
  await withAdmin(kafka, (admin) => createTopics(admin, [{ topic, partitions, settings: all }]));
};

/** Writes records of one partition in a transaction of its own. */
export const transact = async (
  cluster: Cluster,
  topic: string,
  records: readonly NewRecord[],
  end: 'commit' | 'abort',
): Promise<void> => {
  const until = within(WRITE_TIMEOUT_MS);
  const { partition } = records[0]!;
  const producer = await transactionalProducer(
    cluster,
    `test-${topic}-${partition}`,
    until,
    WRITE_TIMEOUT_MS,
  );
  const writer = partitionWriter({
    cluster,
    topic,
    partition,
    producer: producer.identity,
    transactionalId: producer.identity.transactionalId,
    compression: 'none',
  });
  await producer.begin([topic], partition, until);
  await writer.append(
    records.map((record) => ({ ...record, headers: {} })),
    until,
  );
  await producer.end(end, until);
};

/** A sink with topics of its own; `settings` are those of both. */
export const createSink = async (
  kafka: Kafka,
  partitions: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<KafkaDeltaSinkOptions> => {
  const deltaTopic = uniqueName('deltas');
  const deadLetterTopic = uniqueName('dead-letters');
  for (const topic of [deltaTopic, deadLetterTopic]) {
    await createTopic(kafka, topic, partitions, settings);
  }
  return {
    kafka,
    deltaTopic,
    deadLetterTopic,
    instance: uniqueName('instance'),
    compression: 'zstd',
    now: Date.now,
  };
};

/** Publishes as a sink does, but ends no transaction. */
export const dieWhilePublishing = async (
  options: KafkaDeltaSinkOptions,
  partition: number,
  { deltas, deadLetters }: OutputBatch,
): Promise<void> => {
  const { kafka, deltaTopic, deadLetterTopic, instance, compression } = options;
  const topics = [deltaTopic, deadLetterTopic];
  const until = within(WRITE_TIMEOUT_MS);
  const cluster = kafkaCluster(kafka, topics);
  const transactionalId = `${instance}-${partition}`;
  const producer = await transactionalProducer(cluster, transactionalId, until, WRITE_TIMEOUT_MS);
  await producer.begin(topics, partition, until);
  for (const [topic, records] of [
    [deltaTopic, deltas],
    [deadLetterTopic, deadLetters],
  ] as const) {
    const { append } = partitionWriter({
      cluster,
      topic,
      partition,
      producer: producer.identity,
      transactionalId,
      compression,
    });
    await append(
      records.map((record) => ({ ...record, timestamp: options.now() })),
      until,
    );
  }
  await cluster.close();
};

/** Writes what belongs to a transaction that its coordinator never hears of. */
export const leaveHanging = async (
  options: KafkaDeltaSinkOptions,
  topic: string,
  records: readonly OutputRecord[],
): Promise<void> => {
  const until = within(WRITE_TIMEOUT_MS);
  const cluster = kafkaCluster(options.kafka, [topic]);
  const transactionalId = `${options.instance}-0`;
  const { identity } = await transactionalProducer(
    cluster,
    transactionalId,
    until,
    WRITE_TIMEOUT_MS,
  );
  const { append } = partitionWriter({
    cluster,
    topic,
    partition: 0,
    producer: identity,
    transactionalId,
    compression: 'none',
  });
  await append(
    records.map((record) => ({ ...record, timestamp: options.now() })),
    until,
  );
  await cluster.close();
};

export const kafkaDeltaSinkHarness = async (bootstrap: string): Promise<DeltaSinkHarness> => {
  const { kafka } = testKafka(bootstrap);
  return {
    sink: async (partitions) => {
      const options = await createSink(kafka, partitions);
      return {
        sink: kafkaDeltaSink(options),
        dieWhilePublishing: (partition, batch) => dieWhilePublishing(options, partition, batch),
      };
    },
    close: async () => {},
  };
};

export const kafkaEventLogHarness = async (bootstrap: string): Promise<EventLogHarness> => {
  const { kafka } = testKafka(bootstrap);
  const producer = kafkaProducer({ kafka, compression: 'none' });
  const clusters: Cluster[] = [];

  const topicUnderTest = async (partitions: number): Promise<TopicUnderTest> => {
    const topic = uniqueName('changes');
    await createTopic(kafka, topic, partitions);
    const cluster = kafkaCluster(kafka, [topic]);
    clusters.push(cluster);
    // A broker refuses polls until it has learned that it leads the new partitions.
    for (let partition = 0; partition < partitions; partition += 1) {
      const reader = partitionReader(cluster, topic, partition, 'input_unavailable');
      await reader.edge('end', within(WRITE_TIMEOUT_MS));
    }
    return {
      log: kafkaEventLog({ kafka, topic, groupId: topic }),
      append: (records) => producer.produce(topic, records),
      transact: (records, end) => transact(cluster, topic, records, end),
      truncate: (partition, beforeOffset) =>
        withAdmin(kafka, async (admin) => {
          // Deleting needs the leaders, which kafkajs learns by this call only.
          await admin.fetchTopicMetadata({ topics: [topic] });
          await admin.deleteTopicRecords({
            topic,
            partitions: [{ partition, offset: String(beforeOffset) }],
          });
        }),
    };
  };

  return {
    topic: topicUnderTest,
    close: async () => {
      await producer.close();
      await Promise.all(clusters.map((cluster) => cluster.close()));
    },
  };
};
