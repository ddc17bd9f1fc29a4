/** From the words of a call to its exit code. Every error ends here, as one line. */

import { didYouMean } from '@holdfast/config/nearest.ts';
import { ERRORS, HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import { helpOf, overview, type Program } from './command.ts';
import { readFlags } from './flags.ts';
import type { ExitCode, World } from './world.ts';

/** Errors that are the caller's to mend, not the data's. */
const CALL_IS_WRONG: readonly string[] = ['usage', 'config_invalid', 'bad_file'];

export async function runProgram(
  program: Program,
  words: readonly string[],
  world: World,
): Promise<ExitCode> {
  const [name, ...args] = words;
  if (name === '--help' || name === '-h') {
    world.out(overview(program));
    return 0;
  }
  const command = program.commands.find((one) => one.name === name);
  try {
    if (command === undefined) throw unknownCommand(program, name);
    const given = readFlags(command.flags, args);
    if (given !== null) return await command.run(given, world);
    world.out(helpOf(program, command));
    return 0;
  } catch (error) {
    const title = command === undefined ? program.name : `${program.name} ${command.name}`;
    world.err(`${title}: ${sentenceOf(error, title)}\n`);
    return isHoldfastError(error) && CALL_IS_WRONG.includes(error.code) ? 2 : 1;
  }
}

function unknownCommand({ commands }: Program, name: string | undefined): HoldfastError {
  const names = commands.map((command) => command.name);
  const problem =
    name === undefined ? 'no command' : `"${name}" is no command${didYouMean(name, names)}`;
  return new HoldfastError('usage', `${problem}; want one of ${names.join(', ')}`);
}

function sentenceOf(error: unknown, title: string): string {
  if (!isHoldfastError(error)) {
    return `a mistake in Holdfast itself, please report it: ${oneLine(String(error))}`;
  }
  const next = error.code === 'usage' ? `see ${title} --help` : ERRORS[error.code].action;
  return `${oneLine(error.message)}; ${next}`;
}

/** A configuration with several mistakes has a line for each. */
const oneLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('; ');
