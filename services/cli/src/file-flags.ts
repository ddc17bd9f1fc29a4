/** The flags that every reading of a file has, and what is said of the lines that were left out. */

import { readFileSync } from 'node:fs';
import type { Flags, Given } from '@holdfast/command/flags.ts';
import type { ExitCode, World } from '@holdfast/command/world.ts';
import { readPolicy } from '@holdfast/config/policy.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { compileRules, type Rules } from '@holdfast/domain/rules.ts';
import type { FoldedFile } from './fold-file.ts';
import { count } from './format.ts';

export const EVENTS_FLAG = {
  events: { value: 'FILE', about: 'events as JSON lines', required: true },
} as const satisfies Flags;

export const POLICY_FLAG = {
  policy: { value: 'FILE', about: 'policy in JSON or YAML; see docs/CONFIG.md' },
} as const satisfies Flags;

export const BY_FLAG = {
  by: { value: 'DIMENSION', about: 'one row for each member of an attribute' },
} as const satisfies Flags;

export const OUTPUT_FLAGS = {
  json: { about: 'JSON alone on stdout' },
  strict: { about: 'exit 1 if any line was left out as bad' },
} as const satisfies Flags;

/** Throws `config_invalid`. */
export function readRules(given: Given): Rules {
  const path = given.text('policy');
  const policy =
    path === undefined ? DEFAULT_POLICY : readPolicy(path, (file) => readFileSync(file, 'utf8'));
  return compileRules(policy, { keepAll: true });
}

/** Says what was left out, and what the call ends with. */
export function close(given: Given, world: World, file: FoldedFile): ExitCode {
  const { bad, lines, versionTies } = file;
  if (versionTies > 0) {
    const part = `${count(versionTies)} of ${count(lines)} lines`;
    world.err(`${part} repeat a version with other content; the first holds\n`);
  }
  return sayLeftOut(given, world, bad, lines) && given.on('strict') ? 1 : 0;
}

/** Whether any line was left out. */
export function sayLeftOut(given: Given, world: World, bad: number, lines: number): boolean {
  if (bad === 0) return false;
  const part = `${count(bad)} of ${count(lines)} lines`;
  world.err(`${part} left out as bad; see holdfast check --events ${given.need('events')}\n`);
  return true;
}
