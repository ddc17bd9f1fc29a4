import { describe, expect, test } from 'vitest';
import {
  JAVA_BATCH,
  JAVA_BATCHES,
  JAVA_RECORDS,
  LARGE_JAVA_BATCHES,
  largeValue,
} from '../testing/java-batches.ts';
import { crc32c } from './crc32c.ts';
import { encodeRecordBatch } from './record-batch.ts';
import { committedBatches, readRecords, readRecordsWithHeaders } from './record-read.ts';

const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** With the checksum that its content needs. */
const sealed = (batch: Buffer): Buffer => {
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  return batch;
};

const readAll = (bytes: Buffer) =>
  readRecordsWithHeaders(committedBatches(bytes, [], 0).batches, 0);

describe('batches of Java’s client', () => {
  test.each(Object.entries(JAVA_BATCHES))('%s', (_, bytes) => {
    expect(readAll(bytes)).toEqual(JAVA_RECORDS);
    expect(committedBatches(bytes, [], 0).batches[0]).toMatchObject(JAVA_BATCH);
  });

  test.each(Object.entries(LARGE_JAVA_BATCHES))('%s over several blocks', (_, bytes) => {
    expect(readAll(bytes)[0]!.value!.equals(largeValue())).toBe(true);
  });

  test('ours, uncompressed, differs only in what the broker fills in', () => {
    const ours = encodeRecordBatch(JAVA_RECORDS, {
      producerId: JAVA_BATCH.producerId,
      producerEpoch: 3,
      sequence: 7,
      transactional: false,
      compression: 'none',
    });
    const java = Buffer.from(JAVA_BATCHES.none);
    // The base offset and the leader's epoch are the broker's.
    ours.copy(java, 0, 0, 8);
    ours.copy(java, 12, 12, 16);
    expect(ours.toString('hex')).toBe(java.toString('hex'));
  });

  test('a batch with one bit changed is refused, wherever it is', () => {
    for (let at = 21; at < JAVA_BATCHES.lz4.length; at += 1) {
      const damaged = Buffer.from(JAVA_BATCHES.lz4);
      damaged[at]! ^= 1;
      expect(() => readAll(damaged)).toThrow(/checksum/);
    }
  });

  test('a batch of an old format is refused by name', () => {
    const old = Buffer.from(JAVA_BATCHES.none);
    old.writeInt8(1, 16);
    expect(() => readAll(old)).toThrow(/old format 1/);
  });

  test('a batch that says it holds more records than it does is refused', () => {
    const short = Buffer.from(JAVA_BATCHES.none);
    short.writeInt32BE(JAVA_RECORDS.length + 1, 57);
    expect(() => readAll(sealed(short))).toThrow(/ends before its records/);
  });

  test('an unknown compression is named', () => {
    const unknown = Buffer.from(JAVA_BATCHES.none);
    unknown.writeInt16BE(6, 21);
    expect(() => readAll(sealed(unknown))).toThrow(/compression 6/);
  });

  test('records without their own timestamps have that of the batch', () => {
    const appended = Buffer.from(JAVA_BATCHES.none);
    appended.writeInt16BE(0x08, 21);
    expect(new Set(readAll(sealed(appended)).map(({ timestamp }) => timestamp))).toEqual(
      new Set([1_700_000_099_999]),
    );
  });
});

describe('transactions', () => {
  const batchAt = (offset: number, producerId: number, names: readonly string[]): Buffer => {
    const batch = encodeRecordBatch(
      names.map((name) => ({ timestamp: 1, key: null, value: Buffer.from(name), headers: {} })),
      { producerId, producerEpoch: 0, sequence: 0, transactional: true, compression: 'none' },
    );
    batch.writeBigInt64BE(BigInt(offset), 0);
    return batch;
  };

  const markerAt = (offset: number, producerId: number, kind: 'abort' | 'commit'): Buffer => {
    const key = Buffer.from([0, 0, 0, kind === 'commit' ? 1 : 0]);
    const batch = encodeRecordBatch([{ timestamp: 1, key, value: Buffer.alloc(6), headers: {} }], {
      producerId,
      producerEpoch: 0,
      sequence: 0,
      transactional: true,
      compression: 'none',
    });
    batch.writeBigInt64BE(BigInt(offset), 0);
    batch.writeInt16BE(TRANSACTIONAL | CONTROL, 21);
    return sealed(batch);
  };

  const names = (log: readonly Buffer[], aborted: readonly [number, number][], from = 0) => {
    const { batches, nextOffset } = committedBatches(
      Buffer.concat(log),
      aborted.map(([producerId, firstOffset]) => ({ producerId, firstOffset })),
      from,
    );
    return { names: readRecords(batches, from).map(({ value }) => String(value)), nextOffset };
  };

  test('an aborted one is left out, and only up to its end', () => {
    const log = [
      batchAt(0, 1, ['gone']),
      markerAt(1, 1, 'abort'),
      batchAt(2, 1, ['stays']),
      markerAt(3, 1, 'commit'),
    ];
    expect(names(log, [[1, 0]])).toEqual({ names: ['stays'], nextOffset: 4 });
  });

  test('of two that run at once, only the aborted one is left out', () => {
    const log = [
      batchAt(0, 1, ['a1']),
      batchAt(1, 2, ['b1']),
      batchAt(2, 1, ['a2']),
      markerAt(3, 2, 'abort'),
      batchAt(4, 2, ['b2']),
      markerAt(5, 1, 'commit'),
      markerAt(6, 2, 'commit'),
    ];
    expect(names(log, [[2, 1]])).toEqual({ names: ['a1', 'a2', 'b2'], nextOffset: 7 });
  });

  test('two aborted ones of one producer, listed in any order', () => {
    const log = [
      batchAt(0, 1, ['a']),
      markerAt(1, 1, 'abort'),
      batchAt(2, 1, ['b']),
      markerAt(3, 1, 'commit'),
      batchAt(4, 1, ['c']),
      markerAt(5, 1, 'abort'),
      batchAt(6, 9, ['d']),
      markerAt(7, 9, 'commit'),
    ];
    expect(
      names(log, [
        [1, 4],
        [1, 0],
      ]),
    ).toEqual({ names: ['b', 'd'], nextOffset: 8 });
  });

  test('one that began before the fetch is left out as well', () => {
    const log = [batchAt(5, 1, ['tail of the aborted']), markerAt(6, 1, 'abort')];
    expect(names(log, [[1, 2]], 5)).toEqual({ names: [], nextOffset: 7 });
  });

  test('control records alone move the position on', () => {
    expect(names([markerAt(8, 1, 'commit')], [], 8)).toEqual({ names: [], nextOffset: 9 });
  });

  test('what is not transactional is seen whatever was aborted', () => {
    const batch = batchAt(0, 1, ['plain']);
    batch.writeInt16BE(0, 21);
    expect(names([sealed(batch)], [[1, 0]])).toEqual({ names: ['plain'], nextOffset: 1 });
  });
});
