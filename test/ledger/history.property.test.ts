/**
 * The ledger answers for any past what brute force works out from the records known then: it reads
 * what the live machine published over hostile streams, and nothing else.
 */

import { type Ledger, openLedger } from '@holdfast/ledger/ledger.ts';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { aTieMovesBack } from '../machine/compare.ts';
import { startRun } from '../machine/run.ts';
import { LIMIT_MS, STREAMS } from '../machine/runs.ts';
import type { ReferenceCommit } from '../reference/published.ts';
import { reference } from '../reference/reference.ts';
import { deliver, deliveryArbitrary, edgeInstants } from '../streams/deliveries.ts';
import { streamArbitrary } from '../streams/streams.ts';
import { expectEqual, expectEqualHistory, expectEqualPeriods, expectEqualShares } from './equal.ts';

/** Each asks a database of its own some fifty questions. */
const RUNS = Math.ceil(STREAMS / 10);

const picks = fc.array(
  fc.record({
    asOf: fc.nat(400),
    known: fc.option(fc.nat(400)),
    every: fc.constantFrom('P1M', 'P7D', 'P1Y'),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The clock is never behind a record: what it announces before it is known can't be told apart. */
const inTime = (commits: readonly ReferenceCommit[]): readonly ReferenceCommit[] => {
  let asOf = Number.NEGATIVE_INFINITY;
  return commits.map((commit) => {
    asOf = Math.max(asOf, commit.asOf, ...commit.records.map(({ record }) => record.recordedAt));
    return { ...commit, asOf };
  });
};

describe('the ledger over hostile streams', () => {
  it('is right at any as-of, as known at any later instant', { timeout: LIMIT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(
        streamArbitrary,
        deliveryArbitrary,
        picks,
        async (stream, delivery, asked) => {
          const { policy } = stream;
          const commits = inTime(deliver(stream, delivery));
          const arrived = commits.flatMap(({ records }) => records);
          fc.pre(!aTieMovesBack(arrived) && reference(arrived, policy).counts.tooLate === 0);
          const run = await startRun(policy, 100);
          const newest = (commits.at(-1) as ReferenceCommit).asOf;
          const ledger = await openLedger({ policy, partitions: 1, path: null });
          let taken = 0;
          try {
            for (const commit of commits) {
              const said = await run.commit(commit);
              taken += said.length;
              await ledger.intake.take(0, said, taken);
            }
            for (const pick of asked) await compare(ledger, pick);
          } finally {
            await ledger.close();
          }

          async function compare(from: Ledger, pick: (typeof asked)[number]): Promise<void> {
            const edges = edgeInstants(stream).filter((at) => at <= newest);
            const asOf = edges[pick.asOf % edges.length] ?? newest;
            const later = edges.filter((at) => at >= asOf);
            const knownAt = pick.known === null ? null : (later[pick.known % later.length] ?? asOf);
            const right = reference(arrived, policy, knownAt === null ? {} : { knownAt });
            await expectEqual(from, right, policy, { asOf, knownAt });
            await expectEqualShares(from, right, policy, { asOf, knownAt });
            const to = asOf + 1;
            const instants = edges.filter((at) => at <= asOf).slice(-8);
            await expectEqualHistory(from, right, policy, instants, knownAt);
            const span = { from: to - 400 * 86_400_000, to, every: pick.every };
            await expectEqualPeriods(from, right, policy, span, knownAt);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});
