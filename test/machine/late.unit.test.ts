/** What was known late, and what had to be taken back, is counted as it is said. */

import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { expect, it } from 'vitest';
import { subscription } from '../e2e/records.ts';
import { startRun } from './run.ts';

const DAY_MS = 86_400_000;
const AT = Date.parse('2026-03-01T00:00:00Z');
const NOW = AT + 10 * DAY_MS;

it('counts ARR that became known a day late or was corrected, minor units', async () => {
  const { commit, view } = await startRun(DEFAULT_POLICY, 100);
  const counted = async (): Promise<readonly (number | undefined)[]> => {
    const { counters } = await view();
    return [counters.get('arr:late'), counters.get('arr:corrected')];
  };
  let offset = 0;
  const fold = async (customer: string, at: number, amount: number, recordedAt: number) => {
    const record = subscription(customer, at, amount, {
      version: recordedAt,
      recordedAt: instant(recordedAt),
    });
    await commit({ asOf: NOW, records: [{ record, offset }] });
    offset += 1;
  };
  await fold('a', AT, 100, AT + DAY_MS - 1);
  expect(await counted()).toEqual([undefined, undefined]);
  await fold('b', AT, 100, AT + DAY_MS);
  expect(await counted()).toEqual([1_200, undefined]);
  // What was 12 a year is taken back and said again as 36.
  await fold('a', AT, 300, AT + DAY_MS);
  expect(await counted()).toEqual([1_200 + 3_600, 1_200]);
});
