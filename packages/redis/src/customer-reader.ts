/**
 * Reads every customer while the owner of the partition goes on: bucket by bucket, each look with
 * the boundary that it was taken at. Buckets are only ever added at the end, and take their
 * customers from one before them, so a customer that is moved meanwhile is met again, never missed.
 * Writes nothing and claims nothing.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { CustomerPage, CustomerReader } from '@holdfast/pipeline/ports.ts';
import type { RedisConnection } from './connection.ts';
import { type Projection, partitionKeys } from './keys.ts';
import { checkFormat } from './meta.ts';
import { list, number, text } from './reply.ts';
import { rowsOf, unpackedList } from './rows.ts';
import { SCRIPTS } from './scripts.ts';

const BUCKETS_A_PAGE = 100;

export const redisCustomerReader = (
  redis: RedisConnection,
  projection: Projection,
): CustomerReader => ({
  readPages: async function* (partition) {
    const keys = partitionKeys(projection, partition);
    let buckets = 1;
    for (let bucket = 0; bucket < buckets; bucket += BUCKETS_A_PAGE) {
      const reply = list(
        await redis.run(
          SCRIPTS.readPage,
          [keys.meta, keys.due, keys.large, keys.buckets],
          [String(bucket), String(BUCKETS_A_PAGE)],
        ),
      );
      const [format, nextOffset, asOf, count, discarding] = reply.slice(0, 5).map(wordOf);
      checkFormat(format ?? null);
      if (discarding === '1') {
        throw new HoldfastError('store_unavailable', `${keys.meta} is being emptied`);
      }
      buckets = number(count ?? '', 'buckets');
      const dues = list(reply[6]).map((due) => text(due));
      yield {
        boundary: {
          nextOffset: number(nextOffset ?? '', 'next offset'),
          asOf: number(asOf ?? '', 'as-of'),
        },
        rows: unpackedList(reply[5]).flatMap((rows, at) => {
          const due = dues[at] ?? '';
          const stored = due === '' ? null : number(due, 'due');
          return rowsOf(rows).map((row) => ({ ...row, due: stored }));
        }),
      } satisfies CustomerPage;
    }
  },
});

const wordOf = (reply: unknown): string | undefined =>
  reply === null || reply === undefined ? undefined : text(reply);
