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

test('headers and sequence count, whether they are shared or not', () => {
  const headers = { ä: 'x'.repeat(1_000) };
  const one = (own: object) => ({ ...record(0), ...own });
  const lengths = (each: readonly object[]): number[] =>
    [...sendsOf(each.map(one))].map((send) => send.length);
  const alike = 1_500;
  const takes = 40 + 10 + 2 + 1_000;
  const fit = Math.floor(MAX_SEND_BYTES / takes);
  expect(lengths(Array(alike).fill({ headers }))).toEqual([fit, fit, fit, alike - 3 * fit]);
  expect(lengths(Array.from({ length: alike }, () => ({ headers: { ...headers } })))).toEqual([
    fit,
    fit,
    fit,
    alike - 3 * fit,
  ]);
  const withSequence = Math.floor(MAX_SEND_BYTES / (takes + 10 + 'holdfast-sequence'.length + 4));
  expect(lengths(Array(fit).fill({ headers, sequence: 1_234 }))).toEqual([
    withSequence,
    fit - withSequence,
  ]);
});

test('a record above the limit goes alone', () => {
  const large = 2 * MAX_SEND_BYTES;
  expect(sizes(large)).toEqual([[large]]);
  expect(sizes(1, large, 2)).toEqual([[1], [large], [2]]);
});
