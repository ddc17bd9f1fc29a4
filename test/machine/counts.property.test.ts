/**
 * What is counted of each record, applied, too late, a duplicate or a version tie, is what brute
 * force says of it, as far as a projection can know: what can hold no more it has forgotten.
 */

import { decodeCustomer } from '@holdfast/domain/customer-state.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord, SubscriptionChanged } from '@holdfast/domain/records.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArrivedRecord, type Counts, customerOf, holdingsAt } from '../reference/customer.ts';
import { reference } from '../reference/reference.ts';
import { deliver, deliveryArbitrary } from '../streams/deliveries.ts';
import { type Stream, streamArbitrary } from '../streams/streams.ts';
import { aTieMovesBack, sameSubject } from './compare.ts';
import { type Run, startRun } from './run.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

describe('the result of a record', () => {
  it('is counted as brute force counts it', { timeout: LIMIT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(streamArbitrary, deliveryArbitrary, async (stream, delivery) => {
        const commits = deliver(stream, delivery);
        const arrived = commits.flatMap(({ records }) => records);
        fc.pre(!aTieMovesBack(arrived));
        const run = await startRun(stream.policy, 100);
        let counted = new Map<string, number>();
        for (const { asOf, records } of commits) {
          for (const one of records) {
            const possible = await possibleResults(stream, arrived.slice(0, one.offset + 1), run);
            await run.commit({ asOf, records: [one] });
            const counters = new Map((await run.view()).counters);
            const results = [...counters].filter(
              ([name, total]) => name.startsWith('events:') && total !== (counted.get(name) ?? 0),
            );
            counted = counters;
            expect(results).toHaveLength(1);
            expect(possible).toContain(results[0]?.[0].slice('events:'.length));
          }
        }
        const total = [...counted]
          .filter(([name]) => name.startsWith('events:'))
          .reduce((sum, [, count]) => sum + count, 0);
        expect(total).toBe(arrived.length);
      }),
      { numRuns: STREAMS },
    );
  });
});

/** What may be said of the last record; one answer where nothing of its rank was forgotten. */
async function possibleResults(
  { policy }: Stream,
  arrived: readonly ArrivedRecord[],
  run: Run,
): Promise<readonly string[]> {
  const { record } = arrived.at(-1) as ArrivedRecord;
  const before = reference(arrived.slice(0, -1), policy).counts;
  const after = reference(arrived, policy).counts;
  const is = (name: keyof Counts): boolean => after[name] > before[name];
  const earlier = arrived
    .slice(0, -1)
    .map((one) => one.record)
    .find((one) => sameSubject(one, record) && sameRank(one, record));
  const left = earlier === undefined ? 'nothing' : await remembered(run, earlier);
  if (left === 'nothing') return is('tooLate') ? ['too_late'] : ['applied', 'overruled'];
  if (is('duplicates')) return ['duplicate'];
  if (is('tooLate') || left === 'part') return ['duplicate', 'version_tie'];
  return isWorthTheSame(policy, earlier as ChangeRecord, record) ? ['duplicate'] : ['version_tie'];
}

type Rank = Pick<ChangeRecord, 'version' | 'recordedAt'>;

const sameRank = (a: Rank, b: Rank): boolean =>
  a.version === b.version && a.recordedAt === b.recordedAt;

const phasesOf = (record: ChangeRecord): number =>
  record.type === 'subscription_changed' ? 1 + record.scheduled.length : 1;

/** How much of a record a projection still holds; what it said of later than the next one is gone. */
async function remembered(run: Run, record: ChangeRecord): Promise<'nothing' | 'part' | 'all'> {
  const row = (await run.customers()).find(({ customerId }) => customerId === record.customerId);
  if (row === undefined) return 'nothing';
  const { subscriptions, profiles } = decodeCustomer(row.customerId, row.value);
  const timeline =
    record.type === 'subscription_changed'
      ? subscriptions.find(
          ({ source, subscriptionId }) =>
            source === record.source && subscriptionId === record.subscriptionId,
        )
      : profiles.find(({ source }) => source === record.source);
  const chain: readonly Rank[] = timeline?.chain ?? [];
  const own = chain.filter((phase) => sameRank(phase, record));
  if (own.length === 0) return 'nothing';
  return own.length === phasesOf(record) && own.at(-1) === chain.at(-1) ? 'all' : 'part';
}

/** Whether two records differ only in what no figure asks for: items that do not count. */
function isWorthTheSame(policy: Policy, a: ChangeRecord, b: ChangeRecord): boolean {
  if (a.type !== 'subscription_changed' || b.type !== 'subscription_changed') return false;
  const instants = (record: SubscriptionChanged): readonly number[] =>
    [record, ...record.scheduled].map(({ effectiveAt }) => effectiveAt);
  if (instants(a).join() !== instants(b).join()) return false;
  const worthAt = (record: ChangeRecord, at: number): string =>
    [...holdingsAt(customerOf([{ record, offset: 0 }], policy, true), at)]
      .map(([productId, { arr, quantity }]) => JSON.stringify([productId, `${arr}`, `${quantity}`]))
      .sort()
      .join();
  return instants(a).every((at) => worthAt(a, at) === worthAt(b, at));
}
