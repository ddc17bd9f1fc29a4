/**
 * Looks at the servers before a partition is claimed from them: whether they may forget things,
 * and whether they keep buckets compact. Sets what it may, says what it may not.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { RedisConnection } from './connection.ts';

const OLDEST = 7;

/** A value of more bytes is kept outside its bucket, so that the bucket stays compact and quick. */
export const LARGEST_IN_BUCKET = 1024;

/**
 * Redis keeps a hash compact up to these sizes; beyond, a customer takes twice the memory. Bucket
 * sizes lie around 32 to 64 customers; 128 leaves room for the uneven ones.
 */
const COMPACT = [
  ['hash-max-listpack-entries', 128],
  ['hash-max-listpack-value', LARGEST_IN_BUCKET],
] as const;

const settingOf = (info: string, name: string): string | undefined =>
  info
    .split(/\r?\n/)
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(name.length + 1);

const safety = (server: string, info: string): readonly string[] => {
  const policy = settingOf(info, 'maxmemory_policy');
  const warnings: string[] = [];
  if (policy !== 'noeviction') {
    warnings.push(
      `Redis ${server} has maxmemory-policy ${policy}: it may drop customers when memory runs ` +
        'short, and figures would be wrong unnoticed. Set maxmemory-policy noeviction.',
    );
  }
  if (settingOf(info, 'aof_enabled') !== '1') {
    warnings.push(
      `Redis ${server} keeps no append-only file: after a crash it comes back without the last ` +
        'commits, or empty, and partitions are folded again from the log. Set appendonly yes.',
    );
  }
  return warnings;
};

/** Raises each limit that is lower; never lowers one, for other users of the server. */
const compact = async (redis: RedisConnection): Promise<readonly string[]> => {
  const warnings: string[] = [];
  for (const [name, least] of COMPACT) {
    for (const { server, answer, refused } of await redis.onServers('CONFIG', ['GET', name])) {
      const now = Array.isArray(answer) ? Number(answer[1]) : Number.NaN;
      if (now >= least) continue;
      const set =
        refused === null ? await redis.onServers('CONFIG', ['SET', name, `${least}`]) : [];
      const outcome = refused ?? set.find((each) => each.server === server)?.refused;
      if (outcome === null) continue;
      warnings.push(
        `Redis ${server} does not let us make sure that ${name} is at least ${least}; ` +
          'below it a customer takes twice the memory. Set it in redis.conf, on replicas as well.',
      );
    }
  }
  return warnings;
};

/**
 * Checks every server whose run id is not in `known` and adds it there. Returns warnings for the
 * operator, whole sentences. Throws `store_refused` for a server that is too old.
 */
export const checkServers = async (
  redis: RedisConnection,
  known: Set<string>,
): Promise<readonly string[]> => {
  const warnings: string[] = [];
  const seen: string[] = [];
  for (const { server, answer, refused } of await redis.onServers('INFO', [])) {
    if (refused !== null) throw refused;
    const info = String(answer);
    const runId = settingOf(info, 'run_id') ?? '';
    if (known.has(runId)) continue;
    const version = settingOf(info, 'redis_version') ?? '';
    if (!(Number.parseInt(version, 10) >= OLDEST)) {
      throw new HoldfastError(
        'store_refused',
        `Redis ${server} is ${version}; ${OLDEST} is needed`,
      );
    }
    warnings.push(...safety(server, info));
    seen.push(runId);
  }
  if (seen.length === 0) return [];
  warnings.push(...(await compact(redis)));
  for (const runId of seen) known.add(runId);
  return warnings;
};
