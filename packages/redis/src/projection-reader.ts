/**
 * What the exporter reads of a projection: a few hundred rows a partition, each partition in one
 * consistent look. Never reads customers, never writes.
 */

import type {
  PartitionView,
  ProjectionReader,
  PublishedBoundary,
} from '@holdfast/pipeline/ports.ts';
import { publishedBoundary } from '@holdfast/pipeline/published-boundary.ts';
import type { RedisConnection } from './connection.ts';
import { type Projection, partitionKeys } from './keys.ts';
import { lossOf } from './loss-member.ts';
import { readMeta } from './meta.ts';
import { bytes, list, number, text, textFields } from './reply.ts';
import { SCRIPTS } from './scripts.ts';

export interface RedisReaderOptions extends Projection {
  /** How many partitions the input topic has. */
  readonly partitions: number;
}

/** Of an outbox entry; its first delta is a few hundred bytes, and rarely more. */
const START_BYTES = '65536';

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
            await redis.run(
              SCRIPTS.view,
              [of.meta, of.aggregates, of.counters, of.due, of.losses],
              [],
            ),
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
            largestLosses: new Map(list(reply[4]).map((member) => lossOf(text(member)))),
          };
        }),
      ),
    readPublished: () =>
      Promise.all(
        keys.map(async ({ meta, outbox }): Promise<PublishedBoundary | null> => {
          const reply = list(await redis.run(SCRIPTS.published, [meta, outbox], [START_BYTES]));
          const fields = textFields(reply[0]);
          if (fields.size === 0) return null;
          return publishedBoundary(readMeta(fields, null).meta, list(reply[1]).map(bytes));
        }),
      ),
  };
};
