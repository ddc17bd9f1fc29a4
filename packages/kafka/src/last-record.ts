/**
 * The last committed record of a partition, found from its end: transactions that were given up
 * and the ends of others lie behind it, mostly few.
 */

import type { PublishedRecord } from '@holdfast/pipeline/ports.ts';
import type { PartitionReader } from './partition-reader.ts';
import { within } from './patience.ts';
import { readToEnd } from './read-to-end.ts';

const FIRST_STEP = 64;
const FARTHER = 16;
const EDGE_TIMEOUT_MS = 30_000;

/** Null: the log holds none. */
export const lastRecord = async (
  reader: PartitionReader,
  closed: AbortSignal,
): Promise<PublishedRecord | null> => {
  const end = await reader.edge('stable end', within(EDGE_TIMEOUT_MS, closed));
  const start = await reader.edge('start', within(EDGE_TIMEOUT_MS, closed));
  for (let back = FIRST_STEP; ; back *= FARTHER) {
    const from = Math.max(start, end - back);
    let last: PublishedRecord | null = null;
    for await (const page of readToEnd(reader, from, closed, 'stable end'))
      last = page.at(-1) ?? last;
    if (last !== null || from === start) return last;
  }
};
