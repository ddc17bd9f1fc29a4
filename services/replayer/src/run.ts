/** The commands of `replayer`, and what it is. */

import type { Command } from '@holdfast/command/command.ts';
import { runProgram } from '@holdfast/command/run.ts';
import type { ExitCode, World } from '@holdfast/command/world.ts';
import type { Env } from '@holdfast/config/read.ts';
import { backfill } from './commands/backfill.ts';
import { type AtStep, promote, rollback } from './commands/promote.ts';
import { rebuild } from './commands/rebuild.ts';
import { status } from './commands/status.ts';
import { verify } from './commands/verify.ts';

export const commandsWith = (env: Env, atStep?: AtStep): readonly Command[] => [
  status(env),
  verify(env),
  rebuild(env),
  promote(env, atStep),
  rollback(env, atStep),
  backfill,
];

export const run = (
  words: readonly string[],
  env: Env,
  world: World,
  atStep?: AtStep,
): Promise<ExitCode> =>
  runProgram(
    {
      name: 'replayer',
      about: 'Proof by replay: projections held against the topics, and built anew from them.',
      commands: commandsWith(env, atStep),
      failed: 'a promise is broken or it could not be done',
    },
    words,
    world,
  );
