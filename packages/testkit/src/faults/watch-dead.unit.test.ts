/** Who is dead in a state is who was dead to the generation that folded it. */

import { DEAD_LETTER_HEADERS } from '@holdfast/pipeline/headers.ts';
import { encodeOutboxEntry } from '@holdfast/pipeline/outbox-entry.ts';
import type { OutputRecord } from '@holdfast/pipeline/ports.ts';
import { expect, it } from 'vitest';
import { watchDead } from './watch-dead.ts';

const letter = (offset: number): OutputRecord => ({
  key: null,
  value: null,
  headers: { [DEAD_LETTER_HEADERS.offset]: String(offset) },
});

const EMPTY = { meta: { commitId: '', boundary: { nextOffset: 0, asOf: 0 } }, counters: new Map() };

/** Of the records before offset 10, so many died; these were said to be dead by it. */
const commit = (died: number, said: readonly number[]) => ({
  id: 'c',
  boundary: { nextOffset: 10, asOf: 1 },
  counters: died === 0 ? [] : [['events:dead_letter', died] as const],
  outbox: encodeOutboxEntry({ deltas: [], deadLetters: said.map(letter) }),
});

const deadAfter = (died: number, said: readonly number[], published: readonly number[]) => {
  const watch = watchDead();
  watch.committed(EMPTY, commit(died, said), published.map(letter));
  return watch.in('c');
};

it('a record is dead that the commit says to be', () => {
  expect(deadAfter(1, [4], [])).toEqual(new Set([4]));
});

it('a record is dead that the log says to be, for who has folded again', () => {
  expect(deadAfter(2, [4], [7, 12])).toEqual(new Set([4, 7]));
});

it('a record lives that another generation has found dead after it was taken here', () => {
  expect(deadAfter(0, [], [7])).toEqual(new Set());
});

it('it is an error where the counts fit neither', () => {
  expect(() => deadAfter(1, [], [7, 8])).toThrow('1 died of 7,8');
});

it('what was dead before stays so', () => {
  const watch = watchDead();
  watch.committed(EMPTY, commit(1, [4]), []);
  const { boundary } = commit(0, []);
  const next = { ...commit(2, [11]), id: 'd', boundary: { nextOffset: 12, asOf: 2 } };
  const counters = new Map([['events:dead_letter', 1]]);
  watch.committed({ meta: { commitId: 'c', boundary }, counters }, next, []);
  expect(watch.in('d')).toEqual(new Set([4, 11]));
});
