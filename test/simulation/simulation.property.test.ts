/**
 * Exactly once under every fault that can be drawn: the pipeline lives through seeded schedules of
 * crashes, lost and repeated calls, failovers, forks, wrong clocks and late members, comes to rest
 * and is audited. A failure prints the command that runs that one schedule again with its trace.
 */

import type { Verdict } from '@holdfast/testkit/faults/schedule.ts';
import { expect, test } from 'vitest';
import { FIRST_SEED, LIMIT_MS, replayCommand, runOne, SCHEDULES } from './runs.ts';

test('nothing is lost, nothing comes twice, no figure is wrong', {
  timeout: LIMIT_MS,
}, async () => {
  const sums = { schedules: 0, steps: 0, records: 0, deltas: 0, figuresSeen: 0 };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed += 1) {
    const verdict = await runOne(seed);
    expect(verdict.failure, whatBroke(verdict)).toBeNull();
    sums.schedules += 1;
    sums.steps += verdict.steps;
    sums.records += verdict.records;
    sums.deltas += verdict.deltas;
    sums.figuresSeen += verdict.timesWhole;
  }
  console.log(`simulated from seed ${FIRST_SEED}: ${JSON.stringify(sums)}`);
  expect(sums.deltas).toBeGreaterThan(0);
  expect(sums.figuresSeen).toBeGreaterThan(0);
});

const whatBroke = ({ seed, failure }: Verdict): string =>
  `schedule ${seed}: ${failure}\n\nReplay with its trace: ${replayCommand(seed)}\n`;
