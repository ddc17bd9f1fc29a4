/** One partition as the auditor reads it: Kafka and Redis as they are, while processors go on. */

import { setTimeout as wait } from 'node:timers/promises';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { isSameLog } from '@holdfast/pipeline/incarnation.ts';
import { promotedAt } from '@holdfast/pipeline/live.ts';
import type {
  PartitionInput,
  PartitionView,
  ProjectionReader,
  PublishedRecord,
} from '@holdfast/pipeline/ports.ts';
import type { PartitionReads } from '@holdfast/replay/audit/audit.ts';
import { inputRanges } from '@holdfast/replay/input-ranges.ts';
import type { Reach } from './reach.ts';

/** What a commit says is published within a second; where nobody publishes, it never is. */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 100;

/** Throws `store_unavailable` where there is none. */
export async function viewOf(views: ProjectionReader, partition: number): Promise<PartitionView> {
  const found = (await views.readViews())[partition];
  if (found) return found;
  throw new HoldfastError(
    'store_unavailable',
    `partition ${partition} of this generation holds nothing; start a processor, or rebuild it`,
  );
}

export interface ReadsOptions {
  readonly isLive: boolean;
  /** So many records were read. */
  readonly read: (records: number) => void;
}

/** Throws `incarnation_mismatch` where the state is of another log. */
export async function partitionReads(
  { output, views, customers }: Reach,
  input: PartitionInput,
  { isLive, read }: ReadsOptions,
): Promise<PartitionReads> {
  const { partition } = input;
  /** What a claim makes of it, also where none was made since a promotion. */
  const view = async (): Promise<PartitionView> => {
    const found = await viewOf(views, partition);
    const { boundary, nextSequence } = found.meta;
    const promoted = isLive ? promotedAt(boundary, await output.lastDelta(partition)) : null;
    const meta = { ...found.meta, nextSequence: promoted?.nextSequence ?? nextSequence };
    return { ...found, meta };
  };
  const { meta } = await view();
  const { incarnation } = await input.identify();
  if (meta.boundary.nextOffset > 0 && !isSameLog(meta.incarnation, incarnation)) {
    throw new HoldfastError(
      'incarnation_mismatch',
      `partition ${partition} was built from ${meta.incarnation}, this is ${incarnation}`,
    );
  }
  /** Whether the store knows of deltas that are not in the log yet. */
  const mayCome = (count: number) => async (): Promise<boolean> => {
    const published = (await views.readPublished())[partition];
    return (published?.sequence ?? -1) < count - 1;
  };
  return {
    partition,
    view,
    customers: () => customers.readPages(partition),
    input: inputRanges(input, read),
    published: isLive
      ? {
          deltas: (count) =>
            atLeast(count, 0, (from) => output.readDeltas(partition, from), mayCome(count)),
          deadLetters: (from, count) =>
            atLeast(count, from, (next) => output.readDeadLetters(partition, next), maybe),
        }
      : null,
  };
}

const maybe = async (): Promise<boolean> => true;

/** Pages from an offset to the end; and what comes then, until there are so many records. */
async function* atLeast(
  count: number,
  from: number,
  pages: (from: number) => AsyncIterable<readonly PublishedRecord[]>,
  mayCome: () => Promise<boolean>,
): AsyncGenerator<readonly PublishedRecord[]> {
  let next = from;
  let found = 0;
  for (let waited = 0; waited <= PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    // Asked first: what is acknowledged by then must be found after it.
    const isLast = !(await mayCome());
    for await (const page of pages(next)) {
      yield page;
      found += page.length;
      next = (page.at(-1)?.offset ?? next - 1) + 1;
    }
    if (found >= count || isLast) return;
    await wait(LOOK_AGAIN_MS);
  }
}
