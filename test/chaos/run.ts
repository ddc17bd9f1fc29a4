/**
 * Rounds of chaos: several faults at once under load; then everything must be caught up by itself,
 * every processor end in order, and the audit find nothing.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seeded } from '@holdfast/simulation/random.ts';
import { auditWorld } from './audit.ts';
import { FAULTS, type Fault, type FaultName } from './faults.ts';
import { type PlanOptions, planOf } from './plan.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

export interface ChaosOptions extends WorldOptions, PlanOptions {
  /** Rounds before this one are left out, so that a later one can be had again; 1 unless given. */
  readonly first?: number;
  readonly tell: (line: string) => void;
}

export interface Round {
  readonly faults: readonly FaultName[];
  /** All since the beginning, as the audit counted them. */
  readonly records: number;
  readonly deltas: number;
  readonly deadLetters: number;
  /** How many partitions were folded again. */
  readonly foldedAgain: number;
  /** From the end of its last fault until everything appended by then was committed. */
  readonly recoverySeconds: number;
}

/** Faults of a round begin within so long of each other. */
const SPREAD_MS = 3_000;

export const runChaos = async (options: ChaosOptions): Promise<readonly Round[]> => {
  const { seed, first = 1, tell } = options;
  const random = seeded(seed);
  const plan = planOf(random, options);
  await using world = await startWorld(options);
  const done: Round[] = [];
  for (const [at, faults] of plan.entries()) {
    if (at + 1 < first) continue;
    tell(`round ${at + 1}: ${faults.join(', ')}`);
    try {
      done.push(await runRound(world, faults, seeded(seed + at + 1), tell));
    } catch (error) {
      throw new Error(`round ${at + 1} of seed ${seed} (${faults.join(', ')})`, { cause: error });
    }
  }
  return done;
};

const runRound = async (
  world: World,
  faults: readonly FaultName[],
  random: Random,
  tell: (line: string) => void,
): Promise<Round> => {
  const { members, load, observer } = world;
  for (const member of members) member.start();
  load.resume();
  // All at work, so that there is something to be hit.
  await observer.untilCommitted((await observer.ends()).map((end) => end + 1));

  await Promise.all(
    faults.map(async (name) => {
      // Drawn at once and apart, so that no fault's pace changes another's fate.
      const own = seeded(random.between(0, 2 ** 31));
      await sleep(own.between(0, SPREAD_MS));
      const fault: Fault = FAULTS[name];
      const hit = await fault.run(world, own);
      tell(`  ${name}${hit === '' ? '' : ` (${hit})`}`);
    }),
  );
  const healedAt = performance.now();
  await observer.untilCommitted(await observer.ends());
  const recoverySeconds = (performance.now() - healedAt) / 1000;

  await load.pause();
  await observer.untilPublished(await observer.ends());
  const codes = await Promise.all(members.map((member) => member.end()));
  const wrong = [
    ...members.flatMap(({ unasked }) => unasked),
    ...members.flatMap(({ name, lastWords }, at) =>
      codes[at] === 0 ? [] : [`${name} ended with ${codes[at]}\n${lastWords()}`],
    ),
  ];
  const { findings, ...counted } = await auditWorld(world);
  if (wrong.length + findings.length > 0) throw new Error([...findings, ...wrong].join('\n'));
  const foldedAgain = members.reduce((sum, member) => sum + member.foldedAgain(), 0);
  tell(`  clean after ${recoverySeconds.toFixed(1)} s`);
  return { faults, ...counted, foldedAgain, recoverySeconds };
};
