/**
 * One partition of an in-process output topic: published records at their offsets, and the offset
 * that each transaction's end takes, as in Kafka. Knows nothing of who may write.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { headersOf } from '@holdfast/pipeline/headers.ts';
import type { OutputRecord, PublishedRecord } from '@holdfast/pipeline/ports.ts';

export interface OutputPartition {
  readonly endOffset: number;
  /** Appends the records of one transaction and its end; one past the last record's offset. */
  append(records: readonly OutputRecord[]): number;
  /** What is kept of the records from the offset on. Throws `offset_out_of_range`. */
  read(fromOffset: number): readonly PublishedRecord[];
  /** The latest that are kept, oldest first. */
  readonly kept: readonly PublishedRecord[];
}

export const outputPartition = (name: string, keep: number): OutputPartition => {
  let records: PublishedRecord[] = [];
  let endOffset = 0;
  /** Everything before it was dropped. */
  let startOffset = 0;

  return {
    get endOffset() {
      return endOffset;
    },
    get kept() {
      return records;
    },
    append: (batch) => {
      for (const record of batch) {
        const { key, value } = record;
        records.push({ key, value, headers: headersOf(record), offset: endOffset });
        endOffset += 1;
      }
      const next = endOffset;
      endOffset += 1;
      if (records.length > 2 * keep) {
        records = records.slice(-keep);
        startOffset = records[0]?.offset ?? next;
      }
      return next;
    },
    read: (fromOffset) => {
      if (fromOffset < startOffset || fromOffset > endOffset) {
        throw new HoldfastError(
          'offset_out_of_range',
          `${name} holds ${startOffset} to ${endOffset}, not ${fromOffset}`,
        );
      }
      return records.filter(({ offset }) => offset >= fromOffset);
    },
  };
};
