/**
 * The Lua scripts, read once from `lua/<name>-<keycount>.lua`. A line `--- @include <name>` stands
 * for the file `lua/<name>.lua`.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Script {
  readonly name: string;
  readonly keyCount: number;
  readonly text: string;
  /** What EVALSHA knows it by. */
  readonly sha: string;
}

const read = (name: string): string =>
  readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');

const withIncludes = (text: string): string =>
  text.replaceAll(/^--- @include (\S+)$/gm, (_line, name: string) => withIncludes(read(name)));

/** A script of the text, with its includes put in. */
export const scriptOf = (name: string, keyCount: number, source: string): Script => {
  const text = withIncludes(source);
  return { name, keyCount, text, sha: createHash('sha1').update(text).digest('hex') };
};

const load = (name: string, keyCount: number): Script =>
  scriptOf(name, keyCount, read(`${name}-${keyCount}`));

export const SCRIPTS = {
  claim: load('claim', 8),
  commit: load('commit', 8),
  discard: load('discard', 8),
  published: load('published', 2),
  readBuckets: load('read-buckets', 2),
  readCustomers: load('read-customers', 3),
  readDue: load('read-due', 4),
  readPage: load('read-page', 4),
  readPromoted: load('read-promoted', 1),
  readSize: load('read-size', 1),
  setDue: load('set-due', 2),
  setPromoted: load('set-promoted', 1),
  view: load('view', 5),
  writeAhead: load('write-ahead', 2),
} as const;
