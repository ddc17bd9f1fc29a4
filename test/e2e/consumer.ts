/**
 * Another service that reads a topic of ours: kafkajs as it comes, committed records from the
 * beginning on. It tells that the topics can be read by any client, not only by our own code.
 */

import { zstdDecompressSync } from 'node:zlib';
import { uniqueName } from '@holdfast/testkit/services.ts';
// Node does not see all names among the exports of a CommonJS module.
import kafkajs from 'kafkajs';
import type { Pipe } from './pipe.ts';

export interface ConsumedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Consumer extends AsyncDisposable {
  /** Grows as records arrive. */
  readonly records: readonly ConsumedRecord[];
}

/** kafkajs brings gzip along and asks its users for the others. */
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: () => {
    throw new Error('this consumer writes nothing');
  },
  decompress: async (packed: Buffer) => zstdDecompressSync(packed),
});

export const startConsumer = async ({ kafka }: Pipe, topic: string): Promise<Consumer> => {
  const records: ConsumedRecord[] = [];
  const consumer = kafka.consumer({
    groupId: uniqueName('e2e-reader'),
    maxWaitTimeInMs: 100,
    readUncommitted: false,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [
        name,
        String(value),
      ]);
      records.push({
        partition,
        offset: Number(message.offset),
        key: message.key,
        value: message.value,
        headers: Object.fromEntries(headers),
      });
    },
  });
  return { records, [Symbol.asyncDispose]: () => consumer.disconnect() };
};
