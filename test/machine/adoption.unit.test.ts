/** A promoted state is taken as it is where the restatement ends, unless more was said or counted. */

import { DEAD_LETTER_HEADERS, HEADERS } from '@holdfast/pipeline/headers.ts';
import { expect, it } from 'vitest';
import { change, openWorld } from './two-generations.ts';

const DAY_MS = 86_400_000;

it('one that had counted what it could not publish goes on after the way back', async () => {
  const { append, generation, fold, sink, promote } = openWorld();
  const [g1, g2] = [generation('g1'), generation('g2')];
  append(change(1, 100));
  await (await fold(g1)).publish();
  append(...[2, 3, 4, 5, 6, 7].map((version) => change(version, 100 * version)));
  // Committed, and fenced before it was published.
  await fold(g1);
  expect(await promote(g2)).toMatchObject({ kind: 'promoted' });
  expect(await promote(g1, { back: true })).toMatchObject({ kind: 'promoted' });
  append(change(8, 800));
  await (await fold(g1)).publish();
  const sequences = sink.deltas(0).map(({ headers }) => Number(headers[HEADERS.sequence]));
  expect(sequences).toEqual(sequences.map((_, at) => at));
  expect(sink.deltas(0).at(-1)?.headers[HEADERS.generation]).toBe('g1');
});

it.each([
  ['malformed', '{"broken":'],
  ['bad_instant', change(2, 300, DAY_MS + 4_000)],
])(
  'who died since then (%s) stays dead, once, when the store goes back to it',
  async (reason, value) => {
    const { append, generation, fold, sink, promote } = openWorld();
    append(change(1, 100));
    await (await fold(generation('g1'))).publish();
    const next = generation('g2');
    await promote(next);
    const restated = next.snapshot();
    append(value);
    await (await fold(next)).publish();
    next.failOver(restated);
    const said = sink.deltas(0).length;
    // Later, so that nothing is ahead of its time any more.
    for (let seconds = 0; seconds < 10; seconds += 1) await (await fold(next)).publish();
    expect(sink.deadLetters(0).map(({ headers }) => headers[DEAD_LETTER_HEADERS.reason])).toEqual([
      reason,
    ]);
    expect(sink.deltas(0).length).toBe(said);
    const [view] = await next.reader.readViews();
    expect(view?.counters.get(`dead_letters:${reason}`)).toBe(1);
  },
);
