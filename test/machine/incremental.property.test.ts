/**
 * Incremental equals brute force: after every commit of a hostile stream, and at instants between
 * commits, the kept aggregates and the published deltas equal what the reference works out from
 * all events from scratch.
 */

import { sumRows } from '@holdfast/domain/aggregates.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishedByCommit, type ReferenceCommit } from '../reference/published.ts';
import { reference } from '../reference/reference.ts';
import { deliver, deliveryArbitrary } from '../streams/deliveries.ts';
import { type Stream, streamArbitrary } from '../streams/streams.ts';
import {
  aggregatesOf,
  aTieMovesBack,
  comparableDelta,
  comparableReference,
  largestLossesOf,
} from './compare.ts';
import { edgeOf, edgePickArbitrary } from './edges.ts';
import { startRun } from './run.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

const timeout = LIMIT_MS;

/** 0 makes every commit read its customers from the store. */
const cacheCapacity = fc.constantFrom(0, 1, 100);

describe('the incremental machine', () => {
  it('keeps the figures and says the deltas that brute force works out', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(
        streamArbitrary,
        deliveryArbitrary,
        cacheCapacity,
        async (stream, delivery, capacity) => {
          await compare(stream, deliver(stream, delivery), capacity);
        },
      ),
      { numRuns: STREAMS },
    );
  });

  it('is right between commits, too, up to the exact edges of windows', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(
        streamArbitrary,
        deliveryArbitrary,
        fc.array(edgePickArbitrary, { minLength: 1, maxLength: 12 }),
        cacheCapacity,
        async (stream, delivery, picks, capacity) => {
          const edges = picks.map((pick) => edgeOf(stream, pick));
          await compare(stream, withTicks(deliver(stream, delivery), edges), capacity);
        },
      ),
      { numRuns: STREAMS },
    );
  });
});

async function compare(
  { policy }: Stream,
  commits: readonly ReferenceCommit[],
  capacity: number,
): Promise<void> {
  fc.pre(!aTieMovesBack(commits.flatMap(({ records }) => records)));
  const expected = publishedByCommit(commits, policy, false);
  const run = await startRun(policy, capacity);
  for (const [index, commit] of commits.entries()) {
    const deltas = await run.commit(commit);
    const arrived = commits.slice(0, index + 1).flatMap(({ records }) => records);
    const right = reference(arrived, policy);
    const { aggregates, largestLosses } = await run.view();
    expect(sumRows([aggregates]).toSorted(byKey)).toEqual(
      aggregatesOf(right.gauges(commit.asOf)).toSorted(byKey),
    );
    expect(largestLosses).toEqual(largestLossesOf(right, policy, commit.asOf));
    expect(deltas.filter((delta) => delta.type === 'arr_delta').map(comparableDelta)).toEqual(
      expected[index]?.map(comparableReference),
    );
  }
}

/** The commits with a tick at each instant; those before the first commit are left out. */
function withTicks(
  commits: readonly ReferenceCommit[],
  instants: readonly number[],
): readonly ReferenceCommit[] {
  const ticks = [...new Set(instants)]
    .filter((asOf) => asOf > (commits[0] as ReferenceCommit).asOf)
    .map((asOf) => ({ asOf, records: [] }));
  // Sorting is stable: of one instant the commit comes first.
  return [...commits, ...ticks].sort((a, b) => a.asOf - b.asOf);
}

const byKey = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
