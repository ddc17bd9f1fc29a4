/**
 * The kinds of values that variables hold: how the text is read and how messages name it. None of
 * them trims or repairs a value in silence.
 */

import { z } from 'zod';
import type { Kind } from './variable.ts';

/** A kind read by a function that answers undefined for a text it does not take. */
export const kind = <T>(wanted: string, read: (text: string) => T | undefined): Kind<T> => ({
  wanted,
  schema: z.string().transform((text, context): T => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', input: text, message: wanted });
    return z.NEVER;
  }),
});

const matching = (wanted: string, pattern: RegExp): Kind<string> => ({
  wanted,
  schema: z.string().regex(pattern),
});

/** A whole number in plain digits. */
export const count = (least: number, greatest: number, unit: string): Kind<number> =>
  kind(`${unit}, ${least} to ${greatest}`, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    return value >= least && value <= greatest ? value : undefined;
  });

export const choice = <const Options extends readonly [string, ...string[]]>(
  ...options: Options
): Kind<Options[number]> => ({ wanted: options.join(' | '), schema: z.enum(options) });

export const text: Kind<string> = matching('a text of 1 to 1000 characters', /^.{1,1000}$/s);

/** Visible ASCII, as a header carries it. */
export const token: Kind<string> = matching(
  '16 to 500 visible characters without a space',
  /^[!-~]{16,500}$/,
);

/** Part of keys, group ids and delta ids, where `:`, `{` and `}` divide. */
export const label: Kind<string> = matching(
  '1 to 40 of the characters a-z A-Z 0-9 _ -',
  /^[\w-]{1,40}$/,
);

export const topicName: Kind<string> = matching(
  "a topic's name: 1 to 249 of the characters a-z A-Z 0-9 . _ -",
  /^(?!\.{1,2}$)[\w.-]{1,249}$/,
);

export const hostName: Kind<string> = matching(
  'a host name or address to listen on, such as 127.0.0.1 or 0.0.0.0',
  /^[\w.:-]{1,253}$/,
);

const isPort = (port: string | undefined): boolean =>
  port !== undefined && /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;

/** All parts of a list separated by commas, or undefined when one of them is not taken. */
const list = <T>(
  value: string,
  read: (part: string) => T | undefined,
): readonly T[] | undefined => {
  const parts = value.split(',').map((part) => read(part.trim()));
  const taken = parts.filter((part) => part !== undefined);
  return taken.length === parts.length ? taken : undefined;
};

export const brokers: Kind<readonly string[]> = kind(
  'brokers as host:port, separated by commas',
  (value) =>
    list(value, (part) => {
      const found = /^([\w.-]+|\[[\da-fA-F:]+\]):(\d+)$/.exec(part);
      return isPort(found?.[2]) ? part : undefined;
    }),
);

const url = (value: string, protocols: readonly string[]): string | undefined => {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  return parsed !== undefined && protocols.includes(parsed.protocol) && parsed.hostname !== ''
    ? value
    : undefined;
};

export const httpUrl: Kind<string> = kind('a URL, http://host:port or https://...', (value) =>
  url(value, ['http:', 'https:']),
);

export const redisUrls: Kind<readonly string[]> = kind(
  'redis://host:port/db or rediss://... (TLS); several nodes of a cluster separated by commas',
  (value) => list(value, (part) => url(part, ['redis:', 'rediss:'])),
);

/** Reads a file whole, as text; throws when it can't. */
export type ReadText = (path: string) => string;

/** A file's contents. */
export const file = (readText: ReadText, what: string): Kind<string> => {
  const wanted = `the path of a readable file: ${what}`;
  return {
    wanted,
    schema: z.string().transform((path, context): string => {
      try {
        return readText(path);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        context.issues.push({
          code: 'custom',
          input: path,
          params: { wanted: `${wanted} (${why})` },
        });
        return z.NEVER;
      }
    }),
  };
};
