/** The movements as they were published, the newest first. */

import type { MovementKind } from '@holdfast/domain/delta.ts';
import type { Query } from './database.ts';
import { whole } from './known.ts';
import {
  type MovementRow,
  movementOf,
  movementsSql,
  type StoredMovement,
} from './movement-rows.ts';

/** A place in the feed: the rows after it are older. */
export interface FeedPlace {
  readonly knownAt: number;
  readonly partition: number;
  readonly sequence: number;
}

export interface FeedQuery {
  readonly limit: number;
  readonly after: FeedPlace | null;
  readonly movement: MovementKind | null;
  /** A customer's number. */
  readonly customer: number | null;
}

export async function feedOf(
  query: Query,
  { limit, after, movement, customer }: FeedQuery,
): Promise<readonly MovementRow[]> {
  const conditions = [
    'true',
    ...(movement === null ? [] : [`movement = '${movement}'`]),
    ...(customer === null ? [] : [`customer = ${whole(customer)}`]),
    ...(after === null
      ? []
      : [
          `(known_at, partition_, sequence_) <
           (${whole(after.knownAt)}, ${whole(after.partition)}, ${whole(after.sequence)})`,
        ]),
  ];
  const rows = await query<StoredMovement>(
    movementsSql(
      conditions.join(' and '),
      `known_at desc, partition_ desc, sequence_ desc limit ${whole(limit)}`,
    ),
  );
  return rows.map(movementOf);
}

/** Movements after a sequence of each partition, in the order of the log, at most so many. */
export async function movementsAfter(
  query: Query,
  sequences: readonly number[],
  limit: number,
): Promise<{ readonly count: number; readonly rows: readonly MovementRow[] }> {
  const since = sequences
    .map((sequence, partition) => `(partition_ = ${partition} and sequence_ >= ${whole(sequence)})`)
    .join(' or ');
  const [counted] = await query<{ count: number }>(
    `select count(*) count from deltas where ${since}`,
  );
  const count = counted?.count ?? 0;
  if (count === 0 || count > limit) return { count, rows: [] };
  const rows = await query<StoredMovement>(movementsSql(since, 'known_at, partition_, sequence_'));
  return { count, rows: rows.map(movementOf) };
}
