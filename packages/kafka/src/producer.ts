/**
 * Writes records to topics as `holdfast produce` and the simulator need it: many at a time, in
 * order within a partition, each once even where a broker had to be asked again. Not transactional;
 * what the pipeline publishes goes through delta-sink.ts.
 */

import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import type { Kafka } from 'kafkajs';
import { kafkaCluster } from './cluster.ts';
import type { Compression } from './compression.ts';
import { faultOf, messageOf, passes } from './faults.ts';
import { type PartitionWriter, partitionWriter } from './partition-writer.ts';
import { partitionFor } from './partitioner.ts';
import { persist, within } from './patience.ts';
import { initProducerCall } from './produce.ts';
import type { ProducerIdentity, RecordToSend } from './record-batch.ts';
import { sendsOf } from './sends.ts';
import { SPREAD_WITHIN_MS, untilSpread } from './spread.ts';

export interface ProducedRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** UTC ms. */
  readonly timestamp: number;
  /** Without it the key decides; without a key the first partition. */
  readonly partition?: number;
}

export interface KafkaProducer {
  /**
   * Resolves when every record is in the log of all replicas. Throws `topic_missing`,
   * `output_unavailable`, or `publish_in_doubt` where some may have been written.
   */
  produce(topic: string, records: readonly ProducedRecord[]): Promise<void>;
  close(): Promise<void>;
}

export interface KafkaProducerOptions {
  readonly kafka: Kafka;
  readonly compression: Compression;
  /** How long a write is tried before it is the caller's again. */
  readonly timeoutMs?: number;
}

interface OpenTopic {
  readonly partitions: number;
  /** Writes to one partition, after what was asked before. */
  write(partition: number, records: readonly RecordToSend[]): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 1_000;
const NO_HEADERS: Readonly<Record<string, string>> = {};

const unavailable = (topic: string, error: unknown): HoldfastError =>
  new HoldfastError(
    faultOf(error) === 'missing' ? 'topic_missing' : 'output_unavailable',
    `${topic}: ${messageOf(error)}`,
    { cause: error },
  );

const openTopic = async (
  { kafka, compression, timeoutMs = TIMEOUT_MS }: KafkaProducerOptions,
  topic: string,
): Promise<OpenTopic> => {
  const cluster = kafkaCluster(kafka, [topic]);
  const closed = new AbortController();
  const close = (): Promise<void> => {
    closed.abort();
    return cluster.close();
  };

  const newProducer = async (): Promise<ProducerIdentity> => {
    const leader = await cluster.leader(topic, 0);
    return leader.ask(initProducerCall(null, timeoutMs));
  };
  const trying = <Answer>(attempt: () => Promise<Answer>): Promise<Answer> =>
    persist(attempt, {
      until: within(timeoutMs, closed.signal),
      passes,
      between: () => cluster.lookAgain(),
      firstWaitMs: FIRST_WAIT_MS,
      longestWaitMs: LONGEST_WAIT_MS,
    });

  const opening = trying(async () => ({
    partitions: await untilSpread(() => cluster.partitionCount(topic), SPREAD_WITHIN_MS),
    producer: await newProducer(),
  }));
  const { partitions, ...opened } = await opening.catch(async (error: unknown) => {
    await close();
    throw unavailable(topic, error);
  });

  let producer: ProducerIdentity | null = opened.producer;
  const writers = new Map<number, PartitionWriter>();
  const writerOf = async (partition: number): Promise<PartitionWriter> => {
    const known = writers.get(partition);
    if (known !== undefined) return known;
    producer ??= await trying(newProducer).catch((error: unknown) => {
      throw unavailable(topic, error);
    });
    const writer = partitionWriter({
      cluster,
      topic,
      partition,
      producer,
      transactionalId: null,
      compression,
    });
    writers.set(partition, writer);
    return writer;
  };

  /** The last write of each partition: the next one waits for it, however it ended. */
  const tails = new Map<number, Promise<void>>();
  const write = (partition: number, records: readonly RecordToSend[]): Promise<void> => {
    const before = tails.get(partition);
    const tail = (async () => {
      await Promise.allSettled([before]);
      const writer = await writerOf(partition);
      try {
        for (const send of sendsOf(records)) {
          await writer.append(send, within(timeoutMs, closed.signal));
        }
      } catch (error) {
        if (!isHoldfastError(error, 'output_unavailable')) {
          // It writes no more; the next one is a new producer, which has said nothing yet.
          writers.delete(partition);
          producer = null;
        }
        throw error;
      }
    })();
    tails.set(partition, tail);
    return tail;
  };

  return { partitions, write, close };
};

export const kafkaProducer = (options: KafkaProducerOptions): KafkaProducer => {
  const topics = new Map<string, Promise<OpenTopic>>();

  const opened = async (topic: string): Promise<OpenTopic> => {
    const known = topics.get(topic);
    if (known !== undefined) return known;
    const opening = openTopic(options, topic);
    topics.set(topic, opening);
    try {
      return await opening;
    } catch (error) {
      topics.delete(topic);
      throw error;
    }
  };

  return {
    produce: async (topic, records) => {
      const { partitions, write } = await opened(topic);
      const byPartition = new Map<number, RecordToSend[]>();
      for (const { key, value, timestamp, partition } of records) {
        const chosen = partition ?? (key === null ? 0 : partitionFor(key, partitions));
        const group = byPartition.get(chosen);
        const record = { key, value, timestamp, headers: NO_HEADERS };
        if (group === undefined) byPartition.set(chosen, [record]);
        else group.push(record);
      }
      await Promise.all([...byPartition].map(([partition, group]) => write(partition, group)));
    },
    close: async () => {
      const opened = await Promise.allSettled(topics.values());
      for (const result of opened) {
        if (result.status === 'fulfilled') await result.value.close();
      }
    },
  };
};
