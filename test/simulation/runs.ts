/**
 * How many schedules a simulation draws, and from which seeds: the one place that reads
 * HOLDFAST_SCHEDULES (how many) and HOLDFAST_SCHEDULE (this one only, with its trace).
 */

import { runSchedule, type Verdict } from '@holdfast/testkit/faults/schedule.ts';

const { HOLDFAST_SCHEDULES: asked, HOLDFAST_SCHEDULE: one } = process.env;

/** What a normal run draws; `pnpm test:deep` asks for more. */
const NORMAL = 500;
const SEEDS = 2 ** 31;

export const SCHEDULES = one === undefined ? Number(asked ?? NORMAL) : 1;

/** A test's limit, ms: so that one that hangs ends, far above what a busy machine takes. */
export const LIMIT_MS = 120_000 + 500 * SCHEDULES;

/** Where the normal run begins, so that it says the same of the same code; longer ones draw anew. */
const NORMAL_SEED = 2_061_653_838;

/** The first seed. */
export const FIRST_SEED =
  one !== undefined
    ? Number(one)
    : asked === undefined
      ? NORMAL_SEED
      : Math.floor(Math.random() * SEEDS);

export const replayCommand = (seed: number): string =>
  `HOLDFAST_SCHEDULE=${seed} pnpm test property test/simulation/simulation`;

/** The one that was asked for says all its steps. */
export const runOne = async (seed: number): Promise<Verdict> => {
  if (one === undefined) return runSchedule(seed);
  const trace: string[] = [];
  const verdict = await runSchedule(seed, {}, trace);
  console.log(trace.join('\n'));
  return verdict;
};
