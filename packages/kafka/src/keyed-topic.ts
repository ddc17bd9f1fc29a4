/**
 * A compacted topic of one partition, as its writers use it: read on to its end, then write what
 * differs. What several writers hold between them is what lies in the topic, and nothing else.
 */

import type { PublishedRecord } from '@holdfast/pipeline/ports.ts';
import type { Kafka } from 'kafkajs';
import { kafkaCluster } from './cluster.ts';
import { partitionReader } from './partition-reader.ts';
import { kafkaProducer } from './producer.ts';
import { readToEnd } from './read-to-end.ts';

export interface KeyedRecord {
  readonly key: string;
  /** Null: the key holds nothing any more. */
  readonly value: Uint8Array | null;
  /** UTC ms. */
  readonly timestamp: number;
}

export interface KeyedTopic {
  /**
   * Records since the last call that was read to its end, in pages; at first all of them. Throws
   * `output_unavailable`, `offset_out_of_range`.
   */
  read(): AsyncIterable<readonly PublishedRecord[]>;
  /**
   * In this order. Throws `topic_missing`, `output_unavailable`, or `publish_in_doubt`: then open
   * the topic again, and reading tells.
   */
  write(records: readonly KeyedRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Connects when it is first used. */
export const kafkaKeyedTopic = (kafka: Kafka, topic: string): KeyedTopic => {
  const cluster = kafkaCluster(kafka, [topic]);
  const reader = partitionReader(cluster, topic, 0, 'output_unavailable');
  const producer = kafkaProducer({ kafka, compression: 'none' });
  const closed = new AbortController();
  let nextOffset = 0;
  return {
    read: async function* () {
      for await (const page of readToEnd(reader, nextOffset, closed.signal)) {
        yield page;
        nextOffset = (page.at(-1) as PublishedRecord).offset + 1;
      }
    },
    write: (records) =>
      producer.produce(
        topic,
        records.map(({ key, value, timestamp }) => ({
          key: Buffer.from(key),
          value,
          timestamp,
          partition: 0,
        })),
      ),
    close: async () => {
      closed.abort();
      await producer.close();
      await cluster.close();
    },
  };
};
