/**
 * Whether readers of committed records see what was committed. A coordinator says that a commit is
 * decided before its marker stands in the log, and a broker that is killed in between may forget
 * the marker for good: seen with Kafka 4.3 and one replica, where a coordinator that starts before
 * the partition has a leader takes the partition for deleted. Readers then wait at the records of
 * that transaction for ever. So a publish counts only once it is seen, and the next output ends
 * what was left behind.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { messageOf } from './faults.ts';
import type { PartitionReader } from './partition-reader.ts';
import { pause } from './patience.ts';
import type { TransactionalProducer } from './transaction.ts';

const FETCH_WAIT_MS = 100;
const LOOK_AGAIN_MS = 20;

/** Resolves when everything before the offset is seen. Throws `publish_in_doubt`. */
export const untilSeen = async (
  reader: PartitionReader,
  nextOffset: number,
  until: AbortSignal,
): Promise<void> => {
  const inDoubt = (why: string, cause?: unknown): HoldfastError =>
    new HoldfastError('publish_in_doubt', `${reader.topic}/${reader.partition}: ${why}`, { cause });
  try {
    while (!until.aborted) {
      // Answered as soon as the marker, which stands at this very offset, is there.
      const page = await reader.page(nextOffset, { waitMs: FETCH_WAIT_MS, maxBytes: 1, until });
      if (page.endOffset >= nextOffset) return;
    }
  } catch (error) {
    throw inDoubt(messageOf(error), error);
  }
  throw inDoubt('the commit was decided but its marker was not seen in time');
};

/** No transaction is open at its end. */
export const isWhole = async (reader: PartitionReader, until: AbortSignal): Promise<boolean> =>
  (await reader.edge('stable end', until)) >= (await reader.edge('end', until));

/**
 * Gives up what an elder output of the partition left in the log without an end. Nothing of it was
 * ever seen, so it was never taken for published. An empty transaction does it, for its marker
 * ends whatever the same producer has open. Throws `output_unavailable` where that does not help.
 */
export const endHanging = async (
  producer: TransactionalProducer,
  readers: readonly PartitionReader[],
  until: AbortSignal,
): Promise<void> => {
  const hanging: PartitionReader[] = [];
  for (const reader of readers) if (!(await isWhole(reader, until))) hanging.push(reader);
  if (hanging.length === 0) return;
  const { partition } = hanging[0]!;
  const topics = hanging.map(({ topic }) => topic);
  await producer.begin(topics, partition, until);
  await producer.end('abort', until);
  for (const reader of hanging) {
    while (!(await isWhole(reader, until))) {
      if (until.aborted) {
        throw new HoldfastError(
          'output_unavailable',
          `${reader.topic}/${partition}: another producer's transaction hangs there; find and ` +
            'abort it with kafka-transactions.sh',
        );
      }
      await pause(LOOK_AGAIN_MS, until);
    }
  }
};
