/**
 * Which generation a partition is live in: the one that said the last delta. The log alone decides,
 * so a promotion is one transaction. Where nothing was ever said, the store remembers who was
 * promoted; and where it has forgotten, whoever says something first is live.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { boundaryOf, HEADERS, sequenceOf } from './headers.ts';
import type { Boundary, DeltaSink, ProjectionStore, PublishedRecord } from './ports.ts';

/** Null: any. */
export const liveGeneration = async (
  sink: Pick<DeltaSink, 'lastDelta'>,
  store: Pick<ProjectionStore, 'promoted'>,
  partition: number,
): Promise<string | null> => {
  const last = await sink.lastDelta(partition);
  return last === null ? store.promoted(partition) : (last.headers[HEADERS.generation] ?? null);
};

/** Throws `generation_not_live`. */
export const checkLive = async (
  sink: Pick<DeltaSink, 'lastDelta'>,
  store: Pick<ProjectionStore, 'promoted'>,
  partition: number,
  generation: string,
): Promise<void> =>
  checkGeneration(partition, await liveGeneration(sink, store, partition), generation);

/** The same, of what is live as far as the caller has read. */
export const checkGeneration = (
  partition: number,
  live: string | null,
  generation: string,
): void => {
  if (live === null || live === generation) return;
  throw new HoldfastError(
    'generation_not_live',
    `partition ${partition} is generation ${live}'s, this is ${generation}`,
  );
};

/**
 * Where a generation goes on that was promoted and has said nothing since: after the restatement that
 * ends the log, if the state stands at its very boundary. Null: it does not.
 */
export const promotedAt = (
  { nextOffset, asOf }: Boundary,
  last: PublishedRecord | null,
): { readonly deltaOffset: number; readonly nextSequence: number } | null => {
  const sequence = last === null ? undefined : sequenceOf(last);
  if (last?.headers[HEADERS.restatement] === undefined || sequence === undefined) return null;
  const restated = boundaryOf(last, HEADERS.nextOffset, HEADERS.asOf);
  if (restated.nextOffset !== nextOffset || restated.asOf !== asOf) return null;
  return { deltaOffset: last.offset + 1, nextSequence: sequence + 1 };
};
