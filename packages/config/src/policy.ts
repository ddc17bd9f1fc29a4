/**
 * Reads a policy out of a file or a text. Every mistake is told at once, with its place in the
 * file; a policy that comes out of here is valid.
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type { ReadText } from './kinds.ts';
import { configInvalid, mistake } from './mistakes.ts';
import { didYouMean } from './nearest.ts';
import { keysAt, policySchema } from './policy-schema.ts';

export type PolicyFormat = 'json' | 'yaml';

interface Mistakes {
  readonly mistakes: readonly string[];
}

/** A policy file is written by hand; a longer one is something else. */
const LONGEST_FILE = 1_000_000;

/** The value at a path; a dimension written as a bare name stands for an object with that name. */
const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => {
    if (typeof inner === 'string' && key === 'name') return inner;
    return typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined;
  }, value);

const linesOf = (issue: z.core.$ZodIssue, value: unknown): readonly string[] => {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const place = [...path, key].join('.');
      return `${place} is not a setting${didYouMean(key, keysAt(issue.path))}`;
    });
  }
  if (issue.code === 'invalid_key') {
    return [mistake(path.join('.'), path.at(-1), issue.issues[0]?.message ?? issue.message)];
  }
  return [mistake(path.join('.') || 'the policy', at(value, issue.path), issue.message)];
};

const checkPolicy = (value: unknown): Policy | Mistakes => {
  const parsed = policySchema.safeParse(value ?? {});
  return parsed.success
    ? parsed.data
    : { mistakes: parsed.error.issues.flatMap((issue) => linesOf(issue, value)) };
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** JSON is a part of YAML; read by the same parser, for JSON.parse lets duplicate keys pass. */
const checkText = (text: string, format: PolicyFormat): Policy | Mistakes => {
  if (text.length > LONGEST_FILE) return { mistakes: ['the file is longer than 1 MB'] };
  try {
    if (format === 'json') JSON.parse(text);
    const document = parseDocument(text);
    const problems = [...document.errors, ...document.warnings];
    return problems.length > 0
      ? { mistakes: problems.map(({ message }) => message.split(':\n')[0] ?? message) }
      : checkPolicy(document.toJS());
  } catch (error) {
    return { mistakes: [`no ${format.toUpperCase()}: ${messageOf(error)}`] };
  }
};

const formatOf = (path: string): PolicyFormat | undefined => {
  if (/\.json$/i.test(path)) return 'json';
  return /\.ya?ml$/i.test(path) ? 'yaml' : undefined;
};

/** The policy in a file, or the mistakes in it, each with the file's path. */
export const readPolicyFile = (path: string, readText: ReadText): Policy | Mistakes => {
  const format = formatOf(path);
  if (format === undefined) {
    return {
      mistakes: [mistake('the policy file', path, 'a name ending in .json, .yaml or .yml')],
    };
  }
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    const wanted = `a readable file (${messageOf(error)})`;
    return { mistakes: [mistake('the policy file', path, wanted)] };
  }
  const read = checkText(text, format);
  return 'mistakes' in read ? { mistakes: read.mistakes.map((line) => `${path}: ${line}`) } : read;
};

const orThrow = (read: Policy | Mistakes): Policy => {
  if ('mistakes' in read) throw configInvalid(read.mistakes);
  return read;
};

/** The policy in a text. Throws `config_invalid` with a line for each mistake. */
export const parsePolicy = (text: string, format: PolicyFormat): Policy =>
  orThrow(checkText(text, format));

/** The policy in a value such as a test case holds. Throws `config_invalid`. */
export const policyOf = (value: unknown): Policy => orThrow(checkPolicy(value));

/** The policy in a file, JSON or YAML by its name. Throws `config_invalid`. */
export const readPolicy = (path: string, readText: ReadText): Policy =>
  orThrow(readPolicyFile(path, readText));
