/**
 * Partitions in which nothing was ever said have no log that names who is live: the store is told,
 * before another generation is built that might take itself for it.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { HEADERS } from '@holdfast/pipeline/headers.ts';
import type { OutputReader, ProjectionStore } from '@holdfast/pipeline/ports.ts';

/** Throws `usage` where no partition has a delta: then nothing is live that could be replaced. */
export async function nameSilentPartitions(
  reader: OutputReader,
  store: ProjectionStore,
  partitions: number,
): Promise<void> {
  const silent: number[] = [];
  let live: string | undefined;
  for (let partition = 0; partition < partitions; partition += 1) {
    const last = await reader.lastDelta(partition);
    if (last === null) silent.push(partition);
    else live ??= last.headers[HEADERS.generation];
  }
  if (live === undefined) {
    throw new HoldfastError(
      'usage',
      'nothing was published yet, so no generation is live; start processors with these settings',
    );
  }
  for (const partition of silent) {
    if ((await store.promoted(partition)) === null) await store.setPromoted(partition, live);
  }
}
