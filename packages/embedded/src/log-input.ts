/**
 * A member's hold on one partition of the in-process topic: where it reads, and that it ends when
 * the partition is taken away.
 */

import { setImmediate } from 'node:timers/promises';
import type { InputBatch, PartitionInput } from '@holdfast/pipeline/ports.ts';
import type { LogPartition } from './log-partition.ts';

export interface HeldInput {
  readonly input: PartitionInput;
  /** Where the next poll starts. */
  position(): number;
  /** From now on polls end empty, those that wait at once. */
  end(): void;
}

export const holdInput = (
  log: LogPartition,
  partition: number,
  incarnation: string,
  recordsPerPoll: number,
): HeldInput => {
  let position = 0;
  let ended = false;
  let wake: (() => void) | null = null;

  const read = (): InputBatch => {
    const { records, nextOffset } = log.read(position, recordsPerPoll);
    position = nextOffset;
    return { records, nextOffset, endOffset: log.endOffset };
  };

  /** Resolves when something is appended, the time is over or the partition is taken away. */
  const something = (waitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        log.offAppend(done);
        wake = null;
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      log.onAppend(done);
      wake = done;
    });

  return {
    input: {
      partition,
      identify: async () => ({
        incarnation: `${incarnation}/${log.digest}`,
        startOffset: log.startOffset,
        endOffset: log.endOffset,
      }),
      seek: (offset) => {
        position = offset;
      },
      poll: async (waitMs) => {
        if (!ended && position === log.endOffset) await something(waitMs);
        if (!ended) return read();
        // A loop that polls on all the same must not keep everyone else from running.
        await setImmediate();
        return { records: [], nextOffset: position, endOffset: log.endOffset };
      },
    },
    position: () => position,
    end: () => {
      ended = true;
      wake?.();
    },
  };
};
