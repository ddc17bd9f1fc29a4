/**
 * A customer in memory and one that goes through the store at every step are the same: equal
 * deltas, equal stored bytes, equal figures.
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliver, deliveryArbitrary } from '../streams/deliveries.ts';
import { streamArbitrary } from '../streams/streams.ts';
import { startRun } from './run.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

describe('a customer read from the store', () => {
  it('goes on as if it had stayed in memory', { timeout: LIMIT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(streamArbitrary, deliveryArbitrary, async (stream, delivery) => {
        const kept = await startRun(stream.policy, 100);
        const read = await startRun(stream.policy, 0);
        for (const commit of deliver(stream, delivery)) {
          expect(await read.commit(commit)).toEqual(await kept.commit(commit));
          expect(await read.customers()).toEqual(await kept.customers());
          expect(await read.view()).toEqual(await kept.view());
        }
      }),
      { numRuns: STREAMS },
    );
  });
});
