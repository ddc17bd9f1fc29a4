/** The lines at the borders are what they say: one JSON record each, every reason represented. */

import { REJECTION_REASONS } from '@holdfast/domain/rejection.ts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecord } from '../reference/json.ts';
import { toJsonLine } from './json-lines.ts';
import { BAD_LINES, GOOD_LINES } from './lines.ts';
import { streamArbitrary } from './streams.ts';

test('every reason for a dead letter has lines', () => {
  const reasons = new Set(BAD_LINES.map(({ reason }) => reason));
  expect(REJECTION_REASONS.filter((reason) => !reasons.has(reason))).toEqual([]);
});

test('no line stands twice, so that none is both good and bad', () => {
  const texts = [...BAD_LINES, ...GOOD_LINES].map(({ text, key }) => JSON.stringify([text, key]));
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});

test('a record written as a JSON line reads back as itself', () => {
  fc.assert(
    fc.property(streamArbitrary, ({ arrived }) => {
      for (const { record } of arrived) {
        expect(parseRecord(JSON.parse(toJsonLine(record)))).toEqual(record);
      }
    }),
    { numRuns: 50 },
  );
});
