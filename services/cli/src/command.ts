/** What every command says of itself, and the help that is made from it. */

import type { Flag, Flags, Given } from './flags.ts';
import type { ExitCode, World } from './world.ts';

export interface Command {
  readonly name: string;
  /** One sentence, without its full stop. */
  readonly summary: string;
  /** Two calls that run as they stand from the repository's root; without `pnpm holdfast NAME`. */
  readonly examples: readonly [string, string];
  readonly flags: Flags;
  run(given: Given, world: World): Promise<ExitCode>;
}

const EXIT_CODES = 'Exit codes: 0 done, 1 the data is bad, 2 the call is wrong.';

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
};

const flagRow = ([name, flag]: readonly [string, Flag]): readonly [string, string] => [
  flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`,
  flag.required ? `${flag.about} (required)` : flag.about,
];

export const helpOf = ({ name, summary, examples, flags }: Command): string =>
  `holdfast ${name}: ${summary}.

Examples:
${examples.map((example) => `  pnpm holdfast ${name} ${example}`).join('\n')}

Flags:
${columns([...Object.entries(flags).map(flagRow), ['--help', 'this text']])}

${EXIT_CODES}
`;

export const overview = (commands: readonly Command[]): string =>
  `Holdfast on files of JSON lines: net revenue retention, right to the second.

Commands (--help on each):
${columns(commands.map(({ name, summary }) => [name, summary]))}

Examples:
${commands
  .slice(0, 2)
  .map(({ name, examples }) => `  pnpm holdfast ${name} ${examples[0]}`)
  .join('\n')}

${EXIT_CODES}
`;
