/** What was folded again is published from where the log ends, also where that is in doubt. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { claim } from '@holdfast/pipeline/claim.ts';
import { publisher } from '@holdfast/pipeline/publisher.ts';
import { expect, it } from 'vitest';
import { change, openWorld } from './two-generations.ts';

it('the rest of a commit whose deltas the log holds is sent alone', async () => {
  const { append, input, generation, fold, sink } = openWorld();
  append(change(1, 100), '{"broken":');
  const { batch, output } = await fold(generation('g1'));
  await output.publish({ ...batch, deadLetters: [] });
  const { signal } = new AbortController();
  const again = generation('g1');
  const claimed = await claim(again, await input(), signal);
  const publishing = publisher({
    partition: 0,
    sink,
    output: {
      ...claimed.output,
      publish: async () => {
        throw new HoldfastError('publish_in_doubt', 'nothing was written');
      },
    },
    start: claimed.partition.acknowledged,
    clock: again.clock,
    signal,
    blocked: () => undefined,
    published: () => undefined,
  });
  for (const { commit, batch: whole, ...remaining } of claimed.unacknowledged) {
    await publishing.submit(commit, whole, remaining);
  }
  await publishing.drain();
  expect(sink.deltas(0)).toHaveLength(batch.deltas.length);
  expect(sink.deadLetters(0)).toHaveLength(1);
});
