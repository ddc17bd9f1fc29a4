/**
 * The values that a policy's settings are made of, each with the words that say what is wanted.
 * Bounds are on everything; nothing is repaired in silence.
 */

import { currencyExponent } from '@holdfast/domain/currency.ts';
import { longestDays, parseDuration } from '@holdfast/domain/duration.ts';
import { isTimeZone } from '@holdfast/domain/time-zone.ts';
import { z } from 'zod';

/** A string that a test takes; every way to be wrong is told in the same words. */
export const string = (wanted: string, takes: (value: string) => boolean) =>
  z.string({ error: wanted }).refine(takes, { error: wanted });

export const currency = string(
  'a currency code of ISO 4217, such as "USD"',
  (code) => currencyExponent(code) !== undefined,
);

export const rate = string(
  'an exact decimal above 0 in quotes, such as "1.10", at most 15 digits on either side',
  (text) => /^\d{1,15}(\.\d{1,15})?$/.test(text) && /[1-9]/.test(text),
);

/** Ten years, in the longest days that ten years can have by `longestDays`. */
const LONGEST_DAYS = 3660;

const days = (text: string): number => {
  const duration = parseDuration(text);
  return duration === undefined ? Number.NaN : longestDays(duration);
};

export const window = string(
  'a duration PnD, PnW, PnM or PnY above 0 and at most ten years, such as "P12M"',
  (text) => days(text) > 0 && days(text) <= LONGEST_DAYS,
);

export const lateness = string(
  'a duration PnD, PnW, PnM or PnY of at most ten years, such as "P90D"',
  (text) => days(text) <= LONGEST_DAYS,
);

/** UTC offsets such as +01:00 are taken by some engines, but have no calendar of their own. */
export const zone = string(
  'a time zone of the IANA database, such as "Europe/Berlin"',
  (name) => !/^[+-]/.test(name) && isTimeZone(name),
);

/** The total's dimension. */
const RESERVED_DIMENSION = 'all';
/** The sum of members that are not named. */
const RESERVED_MEMBER = 'other';

export const dimensionName = string(
  `an attribute's name of 1 to 100 characters other than "${RESERVED_DIMENSION}"`,
  (name) => name !== '' && name.length <= 100 && name !== RESERVED_DIMENSION,
);

export const member = string(
  `a member's name of 1 to 256 characters other than "${RESERVED_MEMBER}"`,
  (name) => name !== '' && name.length <= 256 && name !== RESERVED_MEMBER,
);

export const source = string(
  'the name of a source, at most 256 characters',
  (name) => name.length <= 256,
);

const nameOf = (entry: unknown): unknown =>
  typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : entry;

/** A list of bounded length in which no name comes twice. */
export const list = <T extends z.ZodType>(item: T, wanted: string, greatest: number) =>
  z
    .array(item, { error: wanted })
    .max(greatest, { error: `at most ${greatest} entries` })
    .refine((entries) => new Set(entries.map(nameOf)).size === entries.length, {
      error: 'each entry only once',
      when: ({ value }) => Array.isArray(value),
    });

export const one = <const Options extends readonly [string, ...string[]]>(...options: Options) =>
  z.enum(options, { error: options.join(' | ') });

export const integer = (least: number, greatest: number) => {
  const error = `a whole number from ${least} to ${greatest}`;
  return z.int({ error }).min(least, { error }).max(greatest, { error });
};
