/**
 * The log says who is live, and whoever reads it to the end takes time: a generation may be promoted
 * meanwhile, also by what a replayer had sent before it was killed.
 */

import { type ClaimTools, claim } from '@holdfast/pipeline/claim.ts';
import { HEADERS } from '@holdfast/pipeline/headers.ts';
import { expect, it } from 'vitest';
import { change, type Generation, openWorld, throughSink } from './two-generations.ts';

it('the one before does not fold it again, and keeps its state for the way back', async () => {
  const { append, input, generation, fold, sink, promote } = openWorld();
  append(change(1, 100));
  const elder = generation('g1');
  await fold(elder);
  const before = elder.snapshot().get(0)?.folded;
  // What was published instead, as after a failover.
  await (await fold(generation('g1'))).publish();
  let readsAll = false;
  const tools: ClaimTools = {
    ...elder,
    foldingAgain: () => {
      readsAll = true;
    },
    sink: throughSink(sink, (output) => ({
      readDeltas: async function* (offset) {
        if (readsAll) await promote(generation('g2'));
        yield* output.readDeltas(offset);
      },
    })),
  };
  await expect(claim(tools, await input(), new AbortController().signal)).rejects.toMatchObject({
    code: 'generation_not_live',
  });
  expect(sink.deltas(0).at(-1)?.headers[HEADERS.restatement]).toBe('g2');
  expect(elder.snapshot().get(0)?.folded.customers).toEqual(before?.customers);
});

/** A replayer that was killed before its restatement arrived; it may arrive at any time. */
const killedReplayer = async (
  { sink, promote }: ReturnType<typeof openWorld>,
  next: Generation,
) => {
  let arrive = async (): Promise<unknown> => expect.unreachable('nothing was sent');
  const killed = new Error('killed');
  const promoted = promote(next, {
    sink: throughSink(sink, (output) => ({
      publish: async (batch) => {
        arrive = () => output.publish(batch);
        throw killed;
      },
    })),
  });
  await expect(promoted).rejects.toBe(killed);
  return { arrive: () => arrive() };
};

it.each(['while it reads the log', 'before it claims'])(
  'the next replayer finds it so: what was sent arrives %s',
  async (when) => {
    const world = openWorld();
    world.append(change(1, 100));
    await (await world.fold(world.generation('g1'))).publish();
    const next = world.generation('g2');
    const { arrive } = await killedReplayer(world, next);
    const again = await world.promote(next, {
      store: {
        ...next.store,
        claim: async (...of) => {
          if (when === 'before it claims') await arrive();
          return next.store.claim(...of);
        },
      },
      reader: {
        ...world.reader,
        readDeltas: async function* (...of) {
          if (when === 'while it reads the log') await arrive();
          yield* world.reader.readDeltas(...of);
        },
      },
    });
    expect(again).toEqual({ kind: 'already' });
  },
);

it('a store that went back in time under the replayer is no difference', async () => {
  const world = openWorld();
  world.append(change(1, 100));
  await (await world.fold(world.generation('g1'))).publish();
  const next = world.generation('g2');
  await killedReplayer(world, next);
  const copy = next.snapshot();
  const promoted = world.promote(next, {
    reached: (step) => {
      if (step === 'fenced') next.failOver(copy);
    },
  });
  await expect(promoted).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(await world.promote(next)).toMatchObject({ kind: 'promoted' });
});
