/** Reads the output topics as any subscriber does: no producer, so nobody is fenced. */

import type { OutputReader } from '@holdfast/pipeline/ports.ts';
import type { Kafka } from 'kafkajs';
import { kafkaCluster } from './cluster.ts';
import { lastRecord } from './last-record.ts';
import { type PartitionReader, partitionReader } from './partition-reader.ts';
import { readToEnd } from './read-to-end.ts';

export interface KafkaOutputReaderOptions {
  readonly kafka: Kafka;
  readonly deltaTopic: string;
  readonly deadLetterTopic: string;
}

export interface KafkaOutputReader extends OutputReader {
  close(): Promise<void>;
}

export const kafkaOutputReader = (options: KafkaOutputReaderOptions): KafkaOutputReader => {
  const { kafka, deltaTopic, deadLetterTopic } = options;
  const cluster = kafkaCluster(kafka, [deltaTopic, deadLetterTopic]);
  const closed = new AbortController();
  const of = (topic: string, partition: number): PartitionReader =>
    partitionReader(cluster, topic, partition, 'output_unavailable');
  return {
    readDeltas: (partition, from) =>
      readToEnd(of(deltaTopic, partition), from, closed.signal, 'stable end'),
    readDeadLetters: (partition, from) =>
      readToEnd(of(deadLetterTopic, partition), from, closed.signal, 'stable end'),
    lastDelta: (partition) => lastRecord(of(deltaTopic, partition), closed.signal),
    close: async () => {
      closed.abort();
      await cluster.close();
    },
  };
};
