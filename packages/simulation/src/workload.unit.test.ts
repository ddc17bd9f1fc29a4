import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import { admit } from '@holdfast/domain/admit.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import type { SubscriptionChanged } from '@holdfast/domain/records.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { describe, expect, it } from 'vitest';
import { type WorkloadOptions, workload } from './workload.ts';

const from = instant(Date.UTC(2026, 0, 1));
const until = instant(Date.UTC(2026, 1, 1));
const options: WorkloadOptions = { seed: 1, customers: 1000, events: 5000, from, until };

/** How many records give their customer another amount than it had. */
const movesIn = (records: Iterable<SubscriptionChanged>): number => {
  const amounts = new Map<string, number>();
  let moves = 0;
  for (const { customerId, items } of records) {
    const amount = items[0]?.amountMinor ?? 0;
    if (amounts.get(customerId) !== amount) moves += 1;
    amounts.set(customerId, amount);
  }
  return moves;
};

describe('the workload', () => {
  it('is the same for the same seed and another for another', () => {
    expect([...workload(options)]).toEqual([...workload(options)]);
    expect([...workload({ ...options, seed: 2 })]).not.toEqual([...workload(options)]);
  });

  it('has as many records and customers as asked for, each with one subscription', () => {
    const records = [...workload(options)];
    expect(records).toHaveLength(5000);
    expect(new Set(records.map(({ customerId }) => customerId)).size).toBe(1000);
    expect(new Set(records.map(({ subscriptionId }) => subscriptionId)).size).toBe(1000);
  });

  it.each([
    [undefined, 4300],
    [0.5, 2500],
    [1, 5000],
    [0.2, 1000],
  ])('with a moving share of %s moves ARR %i times', (moving, moves) => {
    expect(movesIn(workload({ ...options, ...(moving === undefined ? {} : { moving }) }))).toBe(
      moves,
    );
  });

  it('moves as often at its start as at its end', () => {
    const records = [...workload(options)];
    expect(movesIn(records.slice(0, 500))).toBe(430);
    const instants = records.map(({ recordedAt }) => recordedAt);
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    expect([instants[0], Math.max(...instants) < until]).toEqual([from, true]);
  });

  it('holds only records that are admitted and can be written, with rising versions', () => {
    const rules = compileRules(DEFAULT_POLICY);
    const encode = avroChangeEncoder({ subscriptionChanged: 1, customerChanged: 2 });
    const versions = new Map<string, number>();
    for (const record of workload(options)) {
      expect(isRejection(admit(rules, record, until))).toBe(false);
      expect(encode(record).byteLength).toBeLessThan(150);
      expect(record.version).toBe((versions.get(record.customerId) ?? 0) + 1);
      versions.set(record.customerId, record.version);
    }
  });

  it('refuses more customers than there are moving records', () => {
    expect(() => [...workload({ ...options, events: 1000 })]).toThrow(
      'the call is wrong: 860 moving records for 1000 customers',
    );
  });
});
