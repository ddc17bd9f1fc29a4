/** Where every partition stands, seen from outside: in Redis, in its outbox and at the ends of the logs. */

import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaCluster } from '@holdfast/kafka/cluster.ts';
import { partitionReader } from '@holdfast/kafka/partition-reader.ts';
import { within } from '@holdfast/kafka/patience.ts';
import type { PartitionMeta } from '@holdfast/pipeline/ports.ts';
import { openRedis } from '@holdfast/redis/connection.ts';
import { type Projection, partitionKeys } from '@holdfast/redis/keys.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import type { Redis } from 'ioredis';
import type { Kafka } from 'kafkajs';

export interface Observer {
  /** Ends of the input, by partition. */
  ends(): Promise<readonly number[]>;
  /** By partition; null where it was never claimed. */
  metas(of?: Redis): Promise<readonly (PartitionMeta | null)[]>;
  /** Entries that are committed and not known to be published, by partition. */
  outboxes(): Promise<readonly number[]>;
  /** Resolves when everything before the offsets is committed. Throws, and says where all stand. */
  untilCommitted(ends: readonly number[]): Promise<void>;
  /** The same, and all of it published. */
  untilPublished(ends: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

export interface ObserverOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly partitions: number;
  readonly identity: Projection;
  readonly main: () => Redis;
  /** What else to say where it takes too long. */
  readonly whereItStands: () => string;
}

/** Beyond every time-out of the product: the longest is a transaction's minute. */
const LIMIT_MS = 180_000;
const EDGE_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

const redisUrl = ({ options }: Redis): string => `redis://${options.host}:${options.port}`;

export const observer = (options: ObserverOptions): Observer => {
  const { kafka, topic, partitions, identity, main, whereItStands } = options;
  const cluster = kafkaCluster(kafka, [topic]);
  const readers = Array.from({ length: partitions }, (_, partition) =>
    partitionReader(cluster, topic, partition, 'input_unavailable'),
  );

  const metas: Observer['metas'] = async (of = main()) => {
    const redis = openRedis({ urls: [redisUrl(of)], mode: 'single' });
    try {
      const views = await redisProjectionReader(redis, { ...identity, partitions }).readViews();
      return views.map((view) => view?.meta ?? null);
    } finally {
      redis.close();
    }
  };
  const outboxes = (): Promise<readonly number[]> =>
    Promise.all(
      readers.map(async ({ partition }) => {
        const fields = await main().hkeys(partitionKeys(identity, partition).outbox);
        return fields.filter((field) => !field.includes('/')).length;
      }),
    );

  const until = async (ends: readonly number[], published: boolean): Promise<void> => {
    const deadline = performance.now() + LIMIT_MS;
    for (;;) {
      const now = await metas();
      const left = published ? await outboxes() : readers.map(() => 0);
      const isThere = ends.every(
        (end, partition) =>
          (now[partition]?.boundary.nextOffset ?? 0) >= end && left[partition] === 0,
      );
      if (isThere) return;
      if (performance.now() > deadline) {
        const lines = now.map(
          (meta, partition) =>
            `partition ${partition}: ${meta?.boundary.nextOffset ?? 'never claimed'} of ` +
            `${ends[partition]}, epoch ${meta?.epoch ?? 0}, commit ${meta?.commitNumber ?? 0}, ` +
            `published ${meta?.publishedCommit ?? 0}, ${left[partition]} in the outbox`,
        );
        throw new Error(
          [`not caught up within ${LIMIT_MS / 1000} s`, ...lines, whereItStands()].join('\n'),
        );
      }
      await sleep(LOOK_EVERY_MS);
    }
  };

  return {
    ends: () =>
      Promise.all(readers.map((reader) => reader.edge('stable end', within(EDGE_WITHIN_MS)))),
    metas,
    outboxes,
    untilCommitted: (ends) => until(ends, false),
    untilPublished: (ends) => until(ends, true),
    close: () => cluster.close(),
  };
};
