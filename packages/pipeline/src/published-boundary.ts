/**
 * How far readers of a partition's deltas can rely on it: the boundary before the first commit whose
 * deltas are not known to be published, or the last one where all are. One look at the store tells.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { HEADERS, numberHeader } from './headers.ts';
import { firstDeltaHeaders } from './outbox-entry.ts';
import type { Headers, PartitionMeta, PublishedBoundary } from './ports.ts';

/**
 * `waiting`: the first bytes of each outbox entry, ascending by commit. Null while the partition has
 * not caught up, for what is folded again in silence numbers nothing; and where the bytes end before
 * the first delta's headers do.
 */
export function publishedBoundary(
  meta: PartitionMeta,
  waiting: Iterable<Uint8Array>,
): PublishedBoundary | null {
  if (!meta.caughtUp) return null;
  for (const start of waiting) {
    const headers = firstDeltaHeaders(start);
    if (headers === undefined) return null;
    if (headers !== null) return boundaryBefore(headers);
  }
  return { ...meta.boundary, sequence: meta.nextSequence - 1 };
}

function boundaryBefore(headers: Headers): PublishedBoundary {
  const read = (name: string): number => {
    const value = numberHeader({ headers }, name);
    if (value !== undefined) return value;
    throw new HoldfastError('store_corrupt', `a delta in the outbox has no header ${name}`);
  };
  return {
    nextOffset: read(HEADERS.fromOffset),
    asOf: read(HEADERS.fromAsOf),
    sequence: read(HEADERS.sequence) - 1,
  };
}
