import { headersOf } from '@holdfast/pipeline/headers.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeVarint } from './bytes.ts';
import { encodeRecordBatch, headersSize, type RecordToSend, recordSize } from './record-batch.ts';
import { committedBatches, readRecords, readRecordsWithHeaders } from './record-read.ts';

const bytes = fc.option(
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
  { nil: null },
);

const headers = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), {
  maxKeys: 8,
  noNullPrototype: true,
});
const sequence = fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs));

/** Headers are shared by some of the records, and a sequence stands beside some of them. */
const batch: fc.Arbitrary<RecordToSend[]> = fc
  .array(headers, { minLength: 1, maxLength: 3 })
  .chain((shared) =>
    fc.array(
      fc.record(
        {
          timestamp: fc.integer({ min: 0, max: 253_402_300_799_999 }),
          key: bytes,
          value: bytes,
          headers: fc.constantFrom(...shared),
          sequence,
        },
        { requiredKeys: ['timestamp', 'key', 'value', 'headers'] },
      ),
      { minLength: 1, maxLength: 20 },
    ),
  );
const compression = fc.constantFrom('none', 'gzip', 'zstd');
const options = {
  producerId: 77,
  producerEpoch: 3,
  sequence: 1_000,
  transactional: false,
} as const;

/** As if the log had given it this offset. */
const at = (encoded: Buffer, offset: number): Buffer => {
  encoded.writeBigInt64BE(BigInt(offset), 0);
  return encoded;
};

test('records are read as they were written, whatever they hold', () => {
  fc.assert(
    fc.property(batch, compression, fc.nat(2 ** 40), (records, compression, offset) => {
      const encoded = at(encodeRecordBatch(records, { ...options, compression }), offset);
      const { batches, nextOffset } = committedBatches(encoded, [], offset);
      expect(nextOffset).toBe(offset + records.length);
      const expected = records.map((each, index) => ({
        timestamp: each.timestamp,
        key: each.key,
        value: each.value,
        headers: headersOf(each),
        offset: offset + index,
      }));
      expect(readRecordsWithHeaders(batches, offset)).toEqual(expected);
      expect(readRecords(batches, offset)).toEqual(
        expected.map(({ headers: _, ...without }) => without),
      );
    }),
  );
});

/** The same the long way: every number and every text of every record by itself. */
const recordsOneByOne = (records: readonly RecordToSend[]): Buffer => {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(10);
    return bytes.subarray(0, writeVarint(bytes, 0, value));
  };
  const framed = (each: Uint8Array | null): Buffer =>
    each === null ? number(-1) : Buffer.concat([number(each.length), each]);
  return Buffer.concat(
    records.map((record, index) => {
      const texts = Object.entries(headersOf(record));
      return framed(
        Buffer.concat([
          Buffer.from([0]),
          number(record.timestamp - records[0]!.timestamp),
          number(index),
          framed(record.key),
          framed(record.value),
          number(texts.length),
          ...texts.flat().map((text) => framed(Buffer.from(text))),
        ]),
      );
    }),
  );
};

test('every byte of the records is what the protocol has for them, whatever they share', () => {
  fc.assert(
    fc.property(batch, (records) => {
      const encoded = encodeRecordBatch(records, { ...options, compression: 'none' });
      expect(encoded.subarray(61)).toEqual(recordsOneByOne(records));
    }),
  );
});

test('reading may start within a batch', () => {
  fc.assert(
    fc.property(batch, fc.nat(20), (records, skipped) => {
      const encoded = at(encodeRecordBatch(records, { ...options, compression: 'none' }), 500);
      const { batches } = committedBatches(encoded, [], 500);
      expect(readRecords(batches, 500 + skipped).map(({ offset }) => offset)).toEqual(
        records.map((_, index) => 500 + index).slice(skipped),
      );
    }),
  );
});

test('a batch that is cut is left for the next fetch', () => {
  fc.assert(
    fc.property(batch, batch, fc.nat(), (first, second, cut) => {
      const whole = at(encodeRecordBatch(first, { ...options, compression: 'none' }), 0);
      const next = at(encodeRecordBatch(second, { ...options, compression: 'none' }), first.length);
      const fetched = Buffer.concat([whole, next.subarray(0, cut % next.length)]);
      const { batches, nextOffset } = committedBatches(fetched, [], 0);
      expect(nextOffset).toBe(first.length);
      expect(readRecords(batches, 0).length).toBe(first.length);
    }),
  );
});

test('a record takes no more in a batch than its size says', () => {
  fc.assert(
    fc.property(batch, (records) => {
      const encoded = encodeRecordBatch(records, { ...options, compression: 'none' });
      const bound = records.reduce(
        (sum, each) => sum + recordSize(each, headersSize(each.headers)),
        61,
      );
      expect(encoded.length).toBeLessThanOrEqual(bound);
    }),
  );
});
