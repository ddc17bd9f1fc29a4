/** A partition of the input, read in ranges that follow each other. */

import type { InputBatch, InputRecord, PartitionInput } from '@holdfast/pipeline/ports.ts';

const POLL_MS = 1_000;

/** Pages with the records of [from, to); others may be among them, fetched with these. */
export type InputRanges = (from: number, to: number) => AsyncIterable<readonly InputRecord[]>;

/** What was fetched beyond one range is the beginning of the next. */
export const inputRanges = (
  input: PartitionInput,
  read: (records: number) => void,
): InputRanges => {
  let held: InputBatch | null = null;
  return async function* (from, to): AsyncGenerator<readonly InputRecord[]> {
    for (let next = from; next < to; ) {
      if (held === null || held.nextOffset <= next) {
        input.seek(held?.nextOffset ?? next);
        held = await input.poll(POLL_MS);
        read(held.records.length);
      }
      yield held.records;
      next = held.nextOffset;
    }
  };
};
