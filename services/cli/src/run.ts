/** The commands of `holdfast`, and what it is. */

import type { Command } from '@holdfast/command/command.ts';
import { runProgram } from '@holdfast/command/run.ts';
import type { ExitCode, World } from '@holdfast/command/world.ts';
import { check } from './commands/check.ts';
import { explainCommand } from './commands/explain.ts';
import { movements } from './commands/movements.ts';
import { produce } from './commands/produce.ts';
import { report } from './commands/report.ts';

export const COMMANDS: readonly Command[] = [report, movements, explainCommand, check, produce];

export const run = (words: readonly string[], world: World): Promise<ExitCode> =>
  runProgram(
    {
      name: 'holdfast',
      about: 'Holdfast on files of JSON lines: net revenue retention, right to the second.',
      commands: COMMANDS,
      failed: 'the data is bad',
    },
    words,
    world,
  );
