/** Nothing may be published that the store had not committed before. */

import { headersOf } from '@holdfast/pipeline/headers.ts';
import { decodeOutboxEntry } from '@holdfast/pipeline/outbox-entry.ts';
import type { Commit, OutputBatch, OutputRecord } from '@holdfast/pipeline/ports.ts';

export interface OrderWatch {
  readonly committed: (partition: number, commit: Commit) => void;
  /** Throws for a record that no commit had. */
  readonly published: (partition: number, batch: OutputBatch) => void;
}

export const watchOrder = (): OrderWatch => {
  const known = new Set<string>();
  const keyOf = (partition: number, record: OutputRecord): string => {
    const { value } = record;
    const bytes = value === null ? '' : Buffer.from(value);
    return `${partition} ${JSON.stringify(headersOf(record))} ${bytes}`;
  };
  return {
    committed: (partition, { outbox }) => {
      if (outbox === null) return;
      const { deltas, deadLetters } = decodeOutboxEntry(outbox);
      for (const record of [...deltas, ...deadLetters]) known.add(keyOf(partition, record));
    },
    published: (partition, { deltas, deadLetters }) => {
      for (const record of [...deltas, ...deadLetters]) {
        if (!known.has(keyOf(partition, record))) {
          throw new Error(`published before it was committed: ${keyOf(partition, record)}`);
        }
      }
    },
  };
};
