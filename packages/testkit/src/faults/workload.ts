/** Billing changes of a few customers of a simulated world, one after another, as a log has them. */

import { formatChangeLine } from '@holdfast/contracts/json-change.ts';
import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { AppendedRecord } from '@holdfast/embedded/log.ts';
import type { Random } from '@holdfast/simulation/random.ts';
import { billingChanges, CHANGE_KINDS } from './billing-changes.ts';

export interface Workload {
  /** The next records of a partition, as a producer would write them now. */
  next(partition: number, now: number): Omit<AppendedRecord, 'partition'>;
}

/** Short windows, so that a schedule of some weeks crosses their edges often. */
export const POLICIES: readonly Policy[] = [
  {
    ...DEFAULT_POLICY,
    windows: ['P1D', 'P7D'],
    dimensions: [{ name: 'segment', cap: 50 }],
    lateness: 'P2D',
  },
  { ...DEFAULT_POLICY, windows: ['P1M'], timeZone: 'America/New_York', lateness: 'P1D' },
];

/** `<partition>-<name>`: the partitioner reads it from the key. */
const CUSTOMERS = ['a', 'b', 'c'] as const;

export const partitionOfKey = (key: Uint8Array): number =>
  Number(String.fromCharCode(key[0] ?? 48));

export const workload = (random: Random): Workload => {
  const { record } = billingChanges(random);
  const written = new Map<number, AppendedRecord[]>();
  let count = 0;

  const next = (partition: number, now: number): AppendedRecord => {
    count += 1;
    const before = written.get(partition) ?? [];
    const kind = random.weighted(CHANGE_KINDS);
    const customer = `${partition}-${random.pick(CUSTOMERS)}`;
    const key = Buffer.from(kind === 'foreign_key' ? `${partition + 1}-a` : customer);
    if (kind === 'repeat' && before.length > 0) return random.pick(before);
    if (kind === 'broken') return { timestamp: now, key, value: Buffer.from(`{"n":${count}`) };
    if (kind === 'null_value') return { timestamp: now, key, value: null };
    const value = Buffer.from(formatChangeLine(record(key.toString(), kind, now, count)));
    written.set(partition, [...before, { timestamp: now, key, value }]);
    return { timestamp: now, key, value };
  };

  return { next };
};
