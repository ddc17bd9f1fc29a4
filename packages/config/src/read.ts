/**
 * Reads a configuration out of environment variables by its schema, and collects every mistake
 * before anything else happens. Never reads the process's environment itself.
 */

import { z } from 'zod';
import { configInvalid, mistake } from './mistakes.ts';
import { didYouMean } from './nearest.ts';
import { type VariableInfo, variables } from './variable.ts';

/** All of our variables begin with it. */
const PREFIX = 'HOLDFAST_';

export type Env = Readonly<Record<string, string | undefined>>;

interface Placed {
  readonly path: readonly string[];
  readonly info: VariableInfo;
}

/** The variables of a schema, with the place of each in the configuration. */
export const variablesOf = (schema: z.ZodType, path: readonly string[] = []): readonly Placed[] => {
  const info = variables.get(schema);
  if (info !== undefined) return [{ path, info }];
  if (!(schema instanceof z.ZodObject)) throw new TypeError(`no variable at ${path.join('.')}`);
  return Object.entries(schema.shape).flatMap(([key, inner]) =>
    variablesOf(inner as z.ZodType, [...path, key]),
  );
};

/** An empty variable is one that is not set: compose files write `${X:-}`. */
const textOf = (env: Env, name: string): string | undefined => env[name] || undefined;

const nest = (placed: readonly Placed[], env: Env): object => {
  const root: Record<string, unknown> = {};
  for (const { path, info } of placed) {
    let at = root;
    for (const key of path.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at[path.at(-1) ?? ''] = textOf(env, info.name);
  }
  return root;
};

const linesOf = (
  issue: z.core.$ZodIssue,
  placed: readonly Placed[],
  env: Env,
): readonly string[] => {
  const { info } = placed.find(({ path }) => path.join() === issue.path.join()) ?? {};
  if (info === undefined) throw new TypeError(`no variable at ${issue.path.join('.')}`);
  const { lines, wanted } = (issue.code === 'custom' ? issue.params : undefined) ?? {};
  if (Array.isArray(lines)) return lines.map(String);
  const value = textOf(env, info.name);
  const printed = info.secret && value !== undefined ? '(hidden)' : (value ?? info.fallback);
  return [mistake(info.name, printed, typeof wanted === 'string' ? wanted : info.wanted)];
};

/**
 * Kubernetes writes `<SERVICE>_SERVICE_HOST`, `<SERVICE>_PORT` and the like for every service of
 * a namespace, ours too; they are nobody's mistake.
 */
const writtenByKubernetes = (name: string, value: string): boolean =>
  /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
  (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value));

/**
 * The configuration of a schema, from these variables. `known` names every variable that some
 * service reads, for services share env files; any other `HOLDFAST_...` is a mistake.
 * Throws `config_invalid` with a line for each mistake.
 */
export const readSettings = <Output>(
  schema: z.ZodType<Output>,
  env: Env,
  known: readonly string[],
): Output => {
  const placed = variablesOf(schema);
  const unknown = Object.entries(env)
    .filter(([name, value]) => name.startsWith(PREFIX) && !known.includes(name) && value)
    .filter(([name, value]) => !writtenByKubernetes(name, value ?? ''))
    .map(([name]) => `${name} is not a variable of Holdfast${didYouMean(name, known, PREFIX)}`);
  const missing = placed.flatMap(({ info }) =>
    textOf(env, info.name) === undefined
      ? []
      : (info.needs ?? [])
          .filter((other) => textOf(env, other) === undefined)
          .map((other) => `${other} is not set; ${info.name} needs it`),
  );
  const parsed = schema.safeParse(nest(placed, env));
  const wrong = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => linesOf(issue, placed, env));
  const mistakes = [...new Set([...wrong, ...missing, ...unknown])];
  if (mistakes.length > 0 || !parsed.success) throw configInvalid(mistakes);
  return parsed.data;
};
