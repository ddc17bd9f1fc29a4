/**
 * What every reader of `arr-deltas` may rely on: a plain sum is ARR, at most one movement of a
 * customer is in force at an instant, what is retracted is what was asserted, and drivers add up.
 */

import type { Delta } from '@holdfast/domain/delta.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reference } from '../reference/reference.ts';
import { deliver, deliveryArbitrary } from '../streams/deliveries.ts';
import { streamArbitrary } from '../streams/streams.ts';
import { aTieMovesBack, netLedger } from './compare.ts';
import { startRun } from './run.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

describe('the deltas', () => {
  it('of each customer sum up to its ARR, one movement in force at an instant', {
    timeout: LIMIT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(streamArbitrary, deliveryArbitrary, async (stream, delivery) => {
        const commits = deliver(stream, delivery);
        fc.pre(!aTieMovesBack(commits.flatMap(({ records }) => records)));
        const run = await startRun(stream.policy, 100);
        const said: Delta[] = [];
        for (const [index, commit] of commits.entries()) {
          said.push(...(await run.commit(commit)));
          const arrived = commits.slice(0, index + 1).flatMap(({ records }) => records);
          const right = reference(arrived, stream.policy);
          for (const id of right.customerIds) {
            expect([id, sumOf(said, id)]).toEqual([id, right.arrOf(id, commit.asOf)]);
          }
        }
        expect(() => netLedger(said)).not.toThrow();
        expect(said.map(({ deltaId }) => deltaId)).toEqual(
          said.map((_, sequence) => `g1:0:${sequence}`),
        );
        for (const delta of said) {
          if (delta.type !== 'arr_delta') continue;
          const parts = delta.drivers.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
          expect(parts).toBe(delta.amountMinor);
        }
      }),
      { numRuns: STREAMS },
    );
  });
});

const sumOf = (said: readonly Delta[], id: string): number =>
  said.reduce(
    (sum, delta) =>
      delta.type === 'arr_delta' && delta.customerId === id ? sum + delta.amountMinor : sum,
    0,
  );
