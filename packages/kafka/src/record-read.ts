/**
 * Reads record batches as a fetch brings them: what a reader of committed records may see, in
 * order, and where it goes on, which may lie past control records that no one sees.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { type Cursor, cursorOf, readInt64, readVarint, readVarintBytes } from './bytes.ts';
import { decompress } from './compression.ts';
import { crc32c } from './crc32c.ts';
import type { AbortedTransaction } from './fetch.ts';

/** A batch as it stands in the log; its records are not read yet. */
interface Batch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly attributes: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly count: number;
  readonly packed: Buffer;
}

export interface LogRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export interface LogRecordWithHeaders extends LogRecord {
  readonly headers: Readonly<Record<string, string>>;
}

/** The committed batches of one fetch, and the offset after the last whole batch in it. */
export interface CommittedBatches {
  readonly batches: readonly Batch[];
  readonly nextOffset: number;
}

const HEADER_BYTES = 61;
const AFTER_LENGTH = 12;
const MAGIC_AT = 16;
const MAGIC = 2;
const CRC_AT = 17;
const AFTER_CRC = 21;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const ABORT_MARKER = 0;

const unreadable = (offset: number, why: string): HoldfastError =>
  new HoldfastError('log_unreadable', `the batch at offset ${offset} ${why}`);

/** Refuses what is not a batch of today's format, or not the one that was written. */
const checkBatch = (bytes: Buffer, at: number, end: number): void => {
  const offset = readInt64(bytes, at);
  const magic = bytes.readInt8(at + MAGIC_AT);
  if (magic !== MAGIC) throw unreadable(offset, `has the old format ${magic}`);
  if (
    end - at < HEADER_BYTES ||
    bytes.readUInt32BE(at + CRC_AT) !== crc32c(bytes, at + AFTER_CRC, end)
  ) {
    throw unreadable(offset, 'is damaged: its checksum differs');
  }
};

const batchAt = (bytes: Buffer, at: number, end: number): Batch => ({
  baseOffset: readInt64(bytes, at),
  lastOffset: readInt64(bytes, at) + bytes.readInt32BE(at + 23),
  attributes: bytes.readInt16BE(at + 21),
  baseTimestamp: readInt64(bytes, at + 27),
  maxTimestamp: readInt64(bytes, at + 35),
  producerId: readInt64(bytes, at + 43),
  count: bytes.readInt32BE(at + 57),
  packed: bytes.subarray(at + HEADER_BYTES, end),
});

/** The kind of a control batch's one record: the second 16 bits of its key. */
const isAbortMarker = (batch: Batch): boolean => {
  const cursor = cursorOf(batch.packed);
  readVarint(cursor);
  cursor.at += 1;
  readVarint(cursor);
  readVarint(cursor);
  return readVarintBytes(cursor)?.readInt16BE(2) === ABORT_MARKER;
};

/**
 * Leaves out control batches and those of aborted transactions. `fromOffset` is what was asked
 * for; it stays the next offset where the answer holds no whole batch.
 */
export const committedBatches = (
  bytes: Buffer,
  aborted: readonly AbortedTransaction[],
  fromOffset: number,
): CommittedBatches => {
  const ahead = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<number>();
  const batches: Batch[] = [];
  let nextOffset = fromOffset;
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + AFTER_LENGTH + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    checkBatch(bytes, at, end);
    const batch = batchAt(bytes, at, end);
    while (ahead.length > 0 && ahead[0]!.firstOffset <= batch.lastOffset) {
      aborting.add(ahead.shift()!.producerId);
    }
    if (batch.attributes & CONTROL) {
      if (isAbortMarker(batch)) aborting.delete(batch.producerId);
    } else if (!(batch.attributes & TRANSACTIONAL && aborting.has(batch.producerId))) {
      batches.push(batch);
    }
    nextOffset = batch.lastOffset + 1;
    at = end;
  }
  return { batches, nextOffset };
};

const NO_HEADERS: Readonly<Record<string, string>> = {};

/** Headers that stand before `end`. */
const readHeaders = (cursor: Cursor, end: number): Readonly<Record<string, string>> => {
  const count = readVarint(cursor);
  if (count === 0) return NO_HEADERS;
  // Without a prototype, so that any name is but a name.
  const headers: Record<string, string> = Object.create(null);
  for (let left = count; left > 0 && cursor.at < end; left -= 1) {
    const name = readVarintBytes(cursor)?.toString() ?? '';
    headers[name] = readVarintBytes(cursor)?.toString() ?? '';
  }
  return headers;
};

/**
 * Calls `take` with each record of the batches from the offset on, the cursor at its headers and
 * where they end.
 */
const eachRecord = (
  batches: readonly Batch[],
  fromOffset: number,
  take: (record: LogRecord, cursor: Cursor, end: number) => void,
): void => {
  for (const batch of batches) {
    const cursor = cursorOf(decompress(batch.attributes, batch.packed));
    for (let left = batch.count; left > 0; left -= 1) {
      const length = readVarint(cursor);
      const end = cursor.at + length;
      if (length <= 0 || end > cursor.bytes.length) {
        throw unreadable(batch.baseOffset, 'ends before its records do');
      }
      cursor.at += 1;
      const timestampDelta = readVarint(cursor);
      const offset = batch.baseOffset + readVarint(cursor);
      if (offset >= fromOffset) {
        const timestamp =
          batch.attributes & LOG_APPEND_TIME
            ? batch.maxTimestamp
            : batch.baseTimestamp + timestampDelta;
        const key = readVarintBytes(cursor);
        take({ offset, timestamp, key, value: readVarintBytes(cursor) }, cursor, end);
      }
      cursor.at = end;
    }
  }
};

/** Keys and values are views of the fetched bytes. */
export const readRecords = (batches: readonly Batch[], fromOffset: number): LogRecord[] => {
  const records: LogRecord[] = [];
  eachRecord(batches, fromOffset, (record) => records.push(record));
  return records;
};

/** The same with headers; of a header given twice, the last. */
export const readRecordsWithHeaders = (
  batches: readonly Batch[],
  fromOffset: number,
): LogRecordWithHeaders[] => {
  const records: LogRecordWithHeaders[] = [];
  eachRecord(batches, fromOffset, (record, cursor, end) =>
    records.push({ ...record, headers: readHeaders(cursor, end) }),
  );
  return records;
};
