/** A batch that was just written is held against the log header by header, wherever they stand. */

import { expect, test } from 'vitest';
import { headersOf } from './headers.ts';
import { compareTail } from './output-tail.ts';
import type { OutputRecord, PublishedRecord } from './ports.ts';

const headers = { 'holdfast-generation': '1', 'holdfast-as-of': '5' };
const deltas = [7, 8, 9].map(
  (sequence): OutputRecord => ({
    key: Buffer.from('k'),
    value: Buffer.from('v'),
    headers,
    sequence,
  }),
);
const inLog = (record: OutputRecord, offset: number): PublishedRecord => ({
  key: record.key,
  value: record.value,
  headers: headersOf(record),
  offset,
});
const verdictOn = (published: readonly PublishedRecord[]) =>
  compareTail(
    { from: { deltaOffset: 40, deadLetterOffset: 0 }, deltas: published, deadLetters: [] },
    [{ deltas, deadLetters: [] }],
  );

test('what the log holds of the batch is taken from it', () => {
  expect(verdictOn(deltas.slice(0, 2).map((record, index) => inLog(record, 40 + index)))).toEqual({
    kind: 'consistent',
    remaining: [
      {
        rest: { deltas: deltas.slice(2), deadLetters: [] },
        reached: { deltaOffset: 42, deadLetterOffset: 0 },
      },
    ],
  });
});

test.each([
  ['another sequence', { ...deltas[0]!, sequence: 8 }],
  ['no sequence', { ...deltas[0]!, sequence: undefined }],
  ['another boundary', { ...deltas[0]!, headers: { ...headers, 'holdfast-as-of': '6' } }],
  ['another value', { ...deltas[0]!, value: Buffer.from('w') }],
])('a delta with %s is another one', (_, record) => {
  expect(verdictOn([inLog(record, 40)]).kind).toBe('diverged');
});
