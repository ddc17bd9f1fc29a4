import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { describe, expect, test } from 'vitest';
import {
  JAVA_BATCH,
  JAVA_BATCHES,
  JAVA_RECORDS,
  LARGE_JAVA_BATCHES,
  largeValue,
} from '../testing/java-batches.ts';
import { encodeRecordBatch } from './record-batch.ts';
import { committedBatches, readRecords, readRecordsWithHeaders } from './record-read.ts';

const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

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

  test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('damaged %s is named', (name) => {
    for (const at of [62, 70, 90]) {
      const damaged = Buffer.from(JAVA_BATCHES[name]);
      damaged.fill(0xff, at, at + 12);
      let error: unknown;
      try {
        expect(readAll(damaged)).not.toEqual(JAVA_RECORDS);
      } catch (thrown) {
        error = thrown;
      }
      if (error !== undefined) expect(isHoldfastError(error, 'log_unreadable')).toBe(true);
    }
    expect(() => readAll(JAVA_BATCHES[name].subarray(0))).not.toThrow();
  });

  test('an unknown compression is named', () => {
    const unknown = Buffer.from(JAVA_BATCHES.none);
    unknown.writeInt16BE(6, 21);
    expect(() => readAll(unknown)).toThrow(/compression 6/);
  });

  test('records without their own timestamps have that of the batch', () => {
    const appended = Buffer.from(JAVA_BATCHES.none);
    appended.writeInt16BE(0x08, 21);
    expect(new Set(readAll(appended).map(({ timestamp }) => timestamp))).toEqual(
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
    return batch;
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
    expect(names([batch], [[1, 0]])).toEqual({ names: ['plain'], nextOffset: 1 });
  });
});
