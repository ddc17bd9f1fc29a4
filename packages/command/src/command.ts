/** What a command-line program and its commands say of themselves, and the help made from it. */

import type { Flag, Flags, Given } from './flags.ts';
import type { ExitCode, World } from './world.ts';

export interface Command {
  readonly name: string;
  /** One sentence, without its full stop. */
  readonly summary: string;
  /** Two calls that run as they stand from the repository's root; without `pnpm PROGRAM NAME`. */
  readonly examples: readonly [string, string];
  readonly flags: Flags;
  run(given: Given, world: World): Promise<ExitCode>;
}

export interface Program {
  /** As it is called: `pnpm NAME`. */
  readonly name: string;
  /** One sentence with its full stop. */
  readonly about: string;
  readonly commands: readonly Command[];
  /** What exit code 1 means. */
  readonly failed: string;
}

const exitCodes = ({ failed }: Program): string =>
  `Exit codes: 0 done, 1 ${failed}, 2 the call is wrong.`;

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
};

const flagRow = ([name, flag]: readonly [string, Flag]): readonly [string, string] => [
  flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`,
  flag.required ? `${flag.about} (required)` : flag.about,
];

export const helpOf = (
  program: Program,
  { name, summary, examples, flags }: Command,
): string => `${program.name} ${name}: ${summary}.

Examples:
${examples.map((example) => callOf(program, name, example)).join('\n')}

Flags:
${columns([...Object.entries(flags).map(flagRow), ['--help', 'this text']])}

${exitCodes(program)}
`;

const callOf = (program: Program, name: string, example: string): string =>
  `  pnpm ${program.name} ${name} ${example}`.trimEnd();

export const overview = (program: Program): string => `${program.about}

Commands (--help on each):
${columns(program.commands.map(({ name, summary }) => [name, summary]))}

Examples:
${program.commands
  .slice(0, 2)
  .map(({ name, examples }) => callOf(program, name, examples[0]))
  .join('\n')}

${exitCodes(program)}
`;
