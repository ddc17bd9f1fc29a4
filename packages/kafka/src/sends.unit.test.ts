import { expect, test } from 'vitest';
import { MAX_SEND_BYTES, sendsOf } from './sends.ts';

const record = (bytes: number) => ({
  timestamp: 0,
  key: null,
  value: Buffer.alloc(bytes),
  headers: {},
});

const sizes = (...bytes: readonly number[]): number[][] =>
  [...sendsOf(bytes.map(record))].map((send) => send.map(({ value }) => value!.length));

test('records are cut into sends below the limit, in order, none left out', () => {
  const half = MAX_SEND_BYTES / 2;
  expect(sizes()).toEqual([]);
  expect(sizes(1, 2, 3)).toEqual([[1, 2, 3]]);
  expect(sizes(half, half)).toEqual([[half], [half]]);
  expect(sizes(half - 100, half - 100, 1)).toEqual([[half - 100, half - 100, 1]]);
});

test('a record above the limit goes alone', () => {
  const large = 2 * MAX_SEND_BYTES;
  expect(sizes(large)).toEqual([[large]]);
  expect(sizes(1, large, 2)).toEqual([[1], [large], [2]]);
});
