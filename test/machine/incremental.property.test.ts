/**
 * Incremental equals brute force: after every commit of a hostile stream the kept aggregates and
 * the published deltas equal what the reference works out from all events from scratch.
 */

import { sumRows } from '@holdfast/domain/aggregates.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishedByCommit } from '../reference/published.ts';
import { reference } from '../reference/reference.ts';
import { deliver, deliveryArbitrary } from '../streams/deliveries.ts';
import { streamArbitrary } from '../streams/streams.ts';
import { aggregatesOf, aTieMovesBack, comparableDelta, comparableReference } from './compare.ts';
import { startRun } from './run.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

describe('the incremental machine', () => {
  it('keeps the figures and says the deltas that brute force works out', {
    timeout: LIMIT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        streamArbitrary,
        deliveryArbitrary,
        fc.constantFrom(0, 1, 100),
        async (stream, delivery, cacheCapacity) => {
          const { policy } = stream;
          const commits = deliver(stream, delivery);
          fc.pre(!aTieMovesBack(commits.flatMap(({ records }) => records)));
          const expected = publishedByCommit(commits, policy, false);
          const run = await startRun(policy, cacheCapacity);
          for (const [index, commit] of commits.entries()) {
            const deltas = await run.commit(commit);
            const arrived = commits.slice(0, index + 1).flatMap(({ records }) => records);
            const right = reference(arrived, policy).gauges(commit.asOf);
            const { aggregates } = await run.view();
            expect(sumRows([aggregates]).toSorted(byKey)).toEqual(
              aggregatesOf(right).toSorted(byKey),
            );
            expect(
              deltas.filter((delta) => delta.type === 'arr_delta').map(comparableDelta),
            ).toEqual(expected[index]?.map(comparableReference));
          }
        },
      ),
      { numRuns: STREAMS },
    );
  });
});

const byKey = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
