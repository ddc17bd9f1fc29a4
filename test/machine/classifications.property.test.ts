/**
 * A reader that groups by member sees what brute force sees: classification deltas replayed give
 * every customer's name and members at any instant that a projection still keeps.
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { horizonEdge } from '../reference/calendar.ts';
import type { ArrivedRecord } from '../reference/customer.ts';
import { reference } from '../reference/reference.ts';
import { deliver, deliveryArbitrary, edgeInstants } from '../streams/deliveries.ts';
import { type Stream, streamArbitrary } from '../streams/streams.ts';
import { classifications } from './classifications.ts';
import { aTieMovesBack } from './compare.ts';
import { startRun } from './run.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

describe('classification deltas', () => {
  it('replayed give the name and the members that brute force works out', {
    timeout: LIMIT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(streamArbitrary, deliveryArbitrary, async (stream, delivery) => {
        const { policy } = stream;
        const commits = deliver(stream, delivery);
        fc.pre(!aTieMovesBack(commits.flatMap(({ records }) => records)));
        const run = await startRun(policy, 100);
        const reader = classifications();
        for (const [index, commit] of commits.entries()) {
          reader.take(await run.commit(commit));
          const arrived = commits.slice(0, index + 1).flatMap(({ records }) => records);
          const right = reference(arrived, policy);
          for (const id of right.customerIds) {
            for (const t of instantsOf(stream, arrived, id, commit.asOf)) {
              const dimensions = policy.dimensions.map(({ name }) => name);
              expect([
                id,
                t,
                reader.nameOf(id, t),
                dimensions.map((name) => reader.memberOf(id, name, t)),
              ]).toEqual([
                id,
                t,
                right.nameOf(id, t),
                dimensions.map((name) => right.memberOf(id, name, t)),
              ]);
            }
          }
        }
      }),
      { numRuns: STREAMS },
    );
  });
});

/** What the stream names and its neighbours, from the customer's horizon up to the as-of. */
function instantsOf(
  stream: Stream,
  arrived: readonly ArrivedRecord[],
  id: string,
  asOf: number,
): readonly number[] {
  const { timeZone, windows, lateness } = stream.policy;
  const recorded = arrived
    .filter(({ record }) => record.customerId === id)
    .map(({ record }) => record.recordedAt);
  const edge = horizonEdge(timeZone, windows, lateness, Math.max(...recorded));
  return [edge, asOf, ...edgeInstants(stream)].filter((t) => t >= edge && t <= asOf);
}
