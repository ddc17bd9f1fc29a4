/** A fenced owner does not undo what another has under way, nor does it wait for ever. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { expect, it } from 'vitest';
import type { DeltaSink } from './ports.ts';
import { standBack } from './stand-back.ts';

/** How long it stood back, ms, and how often it looked; each look is answered by the next of these. */
const stoodBack = async (answers: readonly (boolean | Error)[], abortAt = Infinity) => {
  let [now, looks] = [0, 0];
  const stop = new AbortController();
  const clock = {
    now: () => now,
    simulated: true,
    wait: async (ms: number) => {
      now += ms;
      if (now >= abortAt) stop.abort();
    },
  };
  const sink: DeltaSink = {
    isUnderWay: async () => {
      const answer = answers[looks];
      looks += 1;
      if (answer instanceof Error) throw answer;
      return answer ?? expect.unreachable('asked too often');
    },
    lastDelta: () => expect.unreachable(),
    open: () => expect.unreachable('it opens nothing'),
  };
  await standBack({ clock, sink }, 0, stop.signal);
  return { now, looks };
};

it('claims again after a pause where nothing is under way', async () => {
  expect(await stoodBack([false])).toEqual({ now: 15_000, looks: 1 });
});

it('waits while deltas of another are on their way', async () => {
  expect(await stoodBack([true, true, false])).toEqual({ now: 45_000, looks: 3 });
});

it('claims all the same when they never end', async () => {
  expect(await stoodBack([true, true, true])).toEqual({ now: 60_000, looks: 3 });
});

it('looks no more once the partition is given up', async () => {
  expect(await stoodBack([true, true], 30_000)).toEqual({ now: 30_000, looks: 1 });
});

it('leaves an output that is away to the claim, and no defect', async () => {
  const away = new HoldfastError('output_unavailable', 'away');
  expect(await stoodBack([away])).toEqual({ now: 15_000, looks: 1 });
  await expect(stoodBack([new TypeError('a defect')])).rejects.toThrow('a defect');
});
