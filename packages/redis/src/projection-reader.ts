/**
 * What the exporter reads of a projection: a few hundred rows a partition, each partition in one
 * consistent look. Never reads customers, never writes.
 */

import type { PartitionView, ProjectionReader } from '@holdfast/pipeline/ports.ts';
import type { RedisConnection } from './connection.ts';
import { type Projection, partitionKeys } from './keys.ts';
import { readMeta } from './meta.ts';
import { list, number, text, textFields } from './reply.ts';
import { SCRIPTS } from './scripts.ts';

export interface RedisReaderOptions extends Projection {
  /** How many partitions the input topic has. */
  readonly partitions: number;
}

export const redisProjectionReader = (
  redis: RedisConnection,
  options: RedisReaderOptions,
): ProjectionReader => {
  const keys = Array.from({ length: options.partitions }, (_, partition) =>
    partitionKeys(options, partition),
  );
  return {
    readViews: () =>
      Promise.all(
        keys.map(async (of, partition): Promise<PartitionView | null> => {
          const reply = list(
            await redis.run(SCRIPTS.view, [of.meta, of.aggregates, of.counters, of.due], []),
          );
          const meta = textFields(reply[0]);
          if (meta.size === 0) return null;
          const counters = [...textFields(reply[2])].map(
            ([name, value]) => [name, number(value, `counter ${name}`)] as const,
          );
          return {
            partition,
            meta: readMeta(meta, Buffer.isBuffer(reply[3]) ? text(reply[3]) : null).meta,
            aggregates: textFields(reply[1]),
            counters: new Map(counters),
          };
        }),
      ),
  };
};
