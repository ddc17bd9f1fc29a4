/**
 * Reads the flags of a command as its own list says, with one clear sentence for what is wrong.
 * Nothing is guessed: an unknown flag, a second value or a stray word is a mistake.
 */

import { parseArgs } from 'node:util';
import { didYouMean } from '@holdfast/config/nearest.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';

export interface Flag {
  /** What stands for its value in the help; without it the flag is on or off. */
  readonly value?: string;
  readonly about: string;
  readonly required?: true;
}

export type Flags = Readonly<Record<string, Flag>>;

/** The flags of one call. */
export interface Given {
  /** The value of a required flag. */
  need(name: string): string;
  /** The value of another one, if given. */
  text(name: string): string | undefined;
  on(name: string): boolean;
}

const wrong = (message: string): HoldfastError => new HoldfastError('usage', message);

const unknownFlag = (rawName: string, names: readonly string[]): HoldfastError => {
  const known = names.map((name) => `--${name}`);
  return wrong(`${rawName} is no flag${didYouMean(rawName, known, '--')}`);
};

/** `null` where help was asked for. Throws `usage`. */
export function readFlags(flags: Flags, args: readonly string[]): Given | null {
  const names = Object.keys(flags);
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(
        names.map((name) => [
          name,
          { type: flags[name]?.value === undefined ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    tokens: true,
  });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return null;
  const given = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw wrong(`"${token.value}" is no flag; want --name value`);
    const { name, rawName, value } = token;
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw unknownFlag(rawName, names);
    if (given.has(name)) throw wrong(`${rawName} is given twice; want it once`);
    given.set(name, readValue(flag, rawName, value, token.inlineValue));
  }
  for (const name of names) {
    const { required, value } = flags[name] as Flag;
    if (required && !given.has(name)) throw wrong(`--${name} is missing; want --${name} ${value}`);
  }
  const text = (name: string): string | undefined => {
    const value = given.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return { need: (name) => text(name) as string, text, on: (name) => given.has(name) };
}

function readValue(
  flag: Flag,
  rawName: string,
  value: string | undefined,
  inline: boolean | undefined,
): string | true {
  if (flag.value === undefined) {
    if (value === undefined) return true;
    throw wrong(`${rawName} is on or off; want it without a value`);
  }
  // Without "=" a word that begins like a flag is one: the value was forgotten.
  const forgotten = value === undefined || value === '' || (!inline && value.startsWith('-'));
  if (forgotten) throw wrong(`${rawName} has no value; want ${rawName} ${flag.value}`);
  return value;
}
