/**
 * A due may be early, never late: up to the millisecond before it nothing changes and nothing is to
 * be said, and no change that brute force finds comes before it.
 */

import { sumRows } from '@holdfast/domain/aggregates.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Reference, reference } from '../reference/reference.ts';
import { deliver, deliveryArbitrary } from '../streams/deliveries.ts';
import { DAY } from '../streams/moments.ts';
import { type Stream, streamArbitrary } from '../streams/streams.ts';
import { aggregatesOf, aTieMovesBack } from './compare.ts';
import { leavesAt } from './edges.ts';
import { startRun } from './run.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

/** Dues followed after the last commit. */
const FOLLOWED = 6;
const FAR = 25 * 366 * DAY;

describe('the first due of a partition', () => {
  it('is the first instant at which anything changes, or before it', {
    timeout: LIMIT_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        streamArbitrary,
        deliveryArbitrary,
        fc.constantFrom(0, 100),
        async (stream, delivery, cacheCapacity) => {
          const commits = deliver(stream, delivery);
          fc.pre(!aTieMovesBack(commits.flatMap(({ records }) => records)));
          const run = await startRun(stream.policy, cacheCapacity);
          const look = async () => {
            const { meta, aggregates } = await run.view();
            return { due: meta.firstDue, rows: figures(aggregates) };
          };
          for (const [index, commit] of commits.entries()) {
            await run.commit(commit);
            const until = commits[index + 1]?.asOf ?? Number.POSITIVE_INFINITY;
            const { due, rows } = await look();
            if (due === null || due <= commit.asOf + 1) continue;
            const asOf = Math.min(due - 1, until);
            expect(await run.commit({ asOf, records: [] })).toEqual([]);
            expect((await look()).rows).toEqual(rows);
          }
          const right = reference(
            commits.flatMap(({ records }) => records),
            stream.policy,
          );
          const instants = changeable(stream);
          let asOf = (await run.view()).meta.boundary.asOf;
          for (let followed = 0; followed < FOLLOWED; followed += 1) {
            const { due, rows } = await look();
            const change = firstChange(instants, right, asOf);
            expect(due ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(change);
            if (due === null) {
              expect(brute(right, asOf + FAR)).toEqual(rows);
              break;
            }
            asOf = due;
            await run.commit({ asOf, records: [] });
            expect((await look()).rows).toEqual(brute(right, asOf));
          }
        },
      ),
      { numRuns: STREAMS },
    );
  });
});

const figures = (aggregates: ReadonlyMap<string, string>): readonly string[] =>
  sumRows([aggregates])
    .map((row) => JSON.stringify(row))
    .sort();

const brute = (right: Reference, t: number): readonly string[] =>
  aggregatesOf(right.gauges(t))
    .map((row) => JSON.stringify(row))
    .sort();

/** Every instant at which a figure of the stream can change with no event, ascending. */
function changeable({ policy, mentioned }: Stream): readonly number[] {
  const { timeZone, windows } = policy;
  const instants = [...new Set(mentioned)].flatMap((at) => [
    at,
    ...windows.map((window) => leavesAt(timeZone, window, at)),
  ]);
  return [...new Set(instants)].sort((a, b) => a - b);
}

/** The first of the instants after the as-of at which anything is another. */
function firstChange(instants: readonly number[], right: Reference, asOf: number): number {
  const now = brute(right, asOf).join();
  const said = right.ledger(asOf).length;
  const changes = (at: number): boolean =>
    right.ledger(at).length !== said || brute(right, at).join() !== now;
  return instants.find((at) => at > asOf && changes(at)) ?? Number.POSITIVE_INFINITY;
}
