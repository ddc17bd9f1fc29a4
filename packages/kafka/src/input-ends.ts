/** Where the partitions of the input end, for who does not read it. */

import type { Kafka } from 'kafkajs';
import { kafkaCluster } from './cluster.ts';
import { partitionReader } from './partition-reader.ts';
import { within } from './patience.ts';

export interface InputEnds {
  /**
   * One past the last offset that readers of committed records reach, by partition. Throws
   * `input_unavailable`.
   */
  read(): Promise<readonly number[]>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 5_000;

/** Connects when it is first used. */
export const kafkaInputEnds = (kafka: Kafka, topic: string, partitions: number): InputEnds => {
  const cluster = kafkaCluster(kafka, [topic]);
  const closed = new AbortController();
  const readers = Array.from({ length: partitions }, (_, partition) =>
    partitionReader(cluster, topic, partition, 'input_unavailable'),
  );
  return {
    read: () =>
      Promise.all(
        readers.map((reader) => reader.edge('stable end', within(TIMEOUT_MS, closed.signal))),
      ),
    close: async () => {
      closed.abort();
      await cluster.close();
    },
  };
};
