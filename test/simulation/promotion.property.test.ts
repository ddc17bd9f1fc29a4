/**
 * A promotion beside processors under every fault that can be drawn, the replayer killed at any
 * step: the log goes on without a gap, and the promoted generation is what folding from scratch
 * gives. And bugs planted on purpose are caught.
 */

import { HEADERS } from '@holdfast/pipeline/headers.ts';
import type { PublishedRecord } from '@holdfast/pipeline/ports.ts';
import { type PromotionSeams, runPromotion } from '@holdfast/testkit/faults/promotion.ts';
import { expect, test } from 'vitest';
import { FIRST_SEED, LIMIT_MS, SCHEDULES } from './runs.ts';

/** One takes as long as several of the others. */
const PROMOTIONS = Math.ceil(SCHEDULES / 5);
const MOST_PROMOTIONS = 300;

test('a promotion that is killed and called again loses nothing and says nothing twice', {
  timeout: LIMIT_MS,
}, async () => {
  const sums = { promotions: 0, deltas: 0, killed: 0, anew: 0 };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PROMOTIONS; seed += 1) {
    const { failure, deltas, killed, anew } = await runPromotion(seed);
    expect(
      failure,
      `HOLDFAST_SCHEDULE=${seed} pnpm test property test/simulation/promotion`,
    ).toBeNull();
    sums.promotions += 1;
    sums.deltas += deltas;
    sums.killed += killed;
    sums.anew += anew;
  }
  console.log(`simulated from seed ${FIRST_SEED}: ${JSON.stringify(sums)}`);
  expect(sums.deltas).toBeGreaterThan(0);
});

async function* nothing(): AsyncGenerator<never> {}

/** Takes every delta for one of this generation. */
async function* saidBy(
  generation: string,
  pages: AsyncIterable<readonly PublishedRecord[]>,
): AsyncGenerator<readonly PublishedRecord[]> {
  for await (const page of pages) {
    yield page.map((delta) => ({
      ...delta,
      headers: { ...delta.headers, [HEADERS.generation]: generation },
    }));
  }
}

const BUGS: readonly (PromotionSeams & { readonly name: string })[] = [
  {
    name: 'what was said until the old generation was fenced is not read',
    replayer: (tools) => ({
      ...tools,
      sink: {
        ...tools.sink,
        open: async (partition) => ({ ...(await tools.sink.open(partition)), readDeltas: nothing }),
      },
    }),
  },
  {
    name: 'the old generation does not look who is live',
    tools: (tools) => ({
      ...tools,
      sink: {
        ...tools.sink,
        lastDelta: async () => null,
        open: async (partition) => {
          const output = await tools.sink.open(partition);
          const readDeltas = (from: number) =>
            saidBy(tools.machine.generation, output.readDeltas(from));
          return { ...output, readDeltas };
        },
      },
      store: { ...tools.store, promoted: async () => null },
    }),
  },
];

test.each(BUGS)('caught: $name', { timeout: LIMIT_MS }, async (seams) => {
  for (let seed = 1; seed <= MOST_PROMOTIONS; seed += 1) {
    const { failure } = await runPromotion(seed, seams);
    if (failure === null) continue;
    console.log(`promotion ${seed}: ${failure.split('\n')[0]}`);
    return;
  }
  expect.unreachable(`${MOST_PROMOTIONS} promotions found nothing wrong`);
});
