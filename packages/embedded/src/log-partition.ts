/**
 * One partition of an in-process topic: records at their offsets, and offsets that no reader sees,
 * as Kafka's control records and aborted transactions leave them. Knows nothing of owners.
 */

import { createHash } from 'node:crypto';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { InputRecord } from '@holdfast/pipeline/ports.ts';

export interface LogPage {
  readonly records: readonly InputRecord[];
  /** Past offsets without a record, too. */
  readonly nextOffset: number;
}

export interface LogPartition {
  readonly startOffset: number;
  readonly endOffset: number;
  /** Of the first record that ever stood here; empty before. */
  readonly digest: string;
  append(record: Omit<InputRecord, 'offset'>): void;
  /** Uses up one offset for nothing. */
  skip(): void;
  /** Forgets what lies before the offset. */
  truncate(beforeOffset: number): void;
  /** Throws `offset_out_of_range`. */
  read(fromOffset: number, limit: number): LogPage;
  /** Calls back once, when something is appended. */
  onAppend(listener: () => void): void;
  offAppend(listener: () => void): void;
}

const DIGEST_DIGITS = 16;

const digestOf = ({ key, value, timestamp }: Omit<InputRecord, 'offset'>): string => {
  const hash = createHash('sha256');
  for (const bytes of [key, value]) {
    hash.update(`${bytes === null ? -1 : bytes.length}:`);
    if (bytes !== null) hash.update(bytes);
  }
  return hash.update(String(timestamp)).digest('hex').slice(0, DIGEST_DIGITS);
};

export const logPartition = (name: string): LogPartition => {
  /** By offset less `startOffset`; null where no reader sees anything. */
  let slots: (InputRecord | null)[] = [];
  let startOffset = 0;
  let digest = '';
  const listeners = new Set<() => void>();

  const added = (): void => {
    const waiting = [...listeners];
    listeners.clear();
    for (const listener of waiting) listener();
  };

  return {
    get startOffset() {
      return startOffset;
    },
    get endOffset() {
      return startOffset + slots.length;
    },
    get digest() {
      return digest;
    },
    append: (record) => {
      if (digest === '') digest = digestOf(record);
      slots.push({ ...record, offset: startOffset + slots.length });
      added();
    },
    skip: () => {
      slots.push(null);
      added();
    },
    truncate: (beforeOffset) => {
      const gone = Math.min(Math.max(beforeOffset - startOffset, 0), slots.length);
      slots = slots.slice(gone);
      startOffset += gone;
    },
    read: (fromOffset, limit) => {
      const endOffset = startOffset + slots.length;
      if (fromOffset < startOffset || fromOffset > endOffset) {
        throw new HoldfastError(
          'offset_out_of_range',
          `${name} holds ${startOffset} to ${endOffset}, not ${fromOffset}`,
        );
      }
      const records: InputRecord[] = [];
      let at = fromOffset - startOffset;
      for (; at < slots.length && records.length < limit; at += 1) {
        const slot = slots[at];
        if (slot) records.push(slot);
      }
      return { records, nextOffset: startOffset + at };
    },
    onAppend: (listener) => listeners.add(listener),
    offAppend: (listener) => listeners.delete(listener),
  };
};
