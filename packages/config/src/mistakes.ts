/**
 * How mistakes of a configuration are worded: one line each, naming where, the value and what is
 * wanted. All of them make one error, so that an operator corrects everything in one go. A secret
 * is never printed.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';

/** Longer values are cut in messages. */
const SHOWN = 80;

/** A value as a message shows it: quoted, cut, a URL without its user and password. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = (JSON.stringify(value) ?? String(value)).replace(/\/\/[^\s"]*@/g, '//***@');
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
};

export const mistake = (where: string, value: unknown, wanted: string): string =>
  value === undefined
    ? `${where} is not set; want ${wanted}`
    : `${where} ${shown(value)}; want ${wanted}`;

/** One `config_invalid` with a line for every mistake. */
export const configInvalid = (mistakes: readonly string[]): HoldfastError =>
  new HoldfastError(
    'config_invalid',
    mistakes.length === 1
      ? (mistakes[0] ?? '')
      : `${mistakes.length} mistakes\n${mistakes.map((line) => `  ${line}`).join('\n')}`,
  );
