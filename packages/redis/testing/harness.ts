/** A projection of its own on a Redis that others may use as well, for the contract suite. */

import { randomUUID } from 'node:crypto';
import {
  POLICY,
  type ProjectionStoreHarness,
} from '@holdfast/testkit/suites/projection-store-harness.ts';
import { Redis } from 'ioredis';
import { openRedis, type RedisConnection } from '../src/connection.ts';
import { allKeys, partitionKeys } from '../src/keys.ts';
import { FORMAT } from '../src/meta.ts';
import { redisProjectionReader } from '../src/projection-reader.ts';
import { redisProjectionStore } from '../src/projection-store.ts';
import { SCRIPTS } from '../src/scripts.ts';

export const PARTITIONS = 2;

export interface RedisHarness extends ProjectionStoreHarness {
  /** Plain commands, to look behind the store's back. */
  readonly plain: Redis;
  readonly projection: { readonly instance: string; readonly generation: string };
  readonly warnings: readonly string[];
  /** Every key of the projection, in order. */
  keys(): Promise<readonly string[]>;
  /** Sends one and the same claim of partition 0 twice. */
  claimTwice(): Promise<void>;
  /** Everything stored, for a comparison before and after. */
  dump(): Promise<ReadonlyMap<string, string>>;
}

/** `through`: what stands between the stores and Redis. */
export const redisHarness = async (
  url: string,
  instance: string,
  through: (connection: RedisConnection) => RedisConnection = (connection) => connection,
): Promise<RedisHarness> => {
  const projection = { instance, generation: '1' };
  const warnings: string[] = [];
  const storeOptions = {
    ...projection,
    randomId: randomUUID,
    warn: (warning: string) => warnings.push(warning),
  };
  const settings = { urls: [url], mode: 'single' } as const;
  const first = through(openRedis(settings));
  const second = through(openRedis(settings));
  const plain = new Redis(url);

  const keys = async (): Promise<readonly string[]> => {
    const found = new Set<string>();
    for await (const page of plain.scanStream({
      match: `holdfast:{${instance}:*`,
      count: 10_000,
    })) {
      for (const key of page) found.add(key);
    }
    return [...found].sort();
  };
  const dumps = async (): Promise<ReadonlyMap<string, Buffer>> => {
    const dumped = new Map<string, Buffer>();
    for (const key of await keys()) {
      const bytes = await plain.dumpBuffer(key);
      if (bytes !== null) dumped.set(key, bytes);
    }
    return dumped;
  };
  const clear = async (): Promise<void> => {
    const all = await keys();
    if (all.length > 0) await plain.unlink(...all);
  };

  return {
    plain,
    projection,
    warnings,
    keys,
    claimTwice: async () => {
      const args = [FORMAT, POLICY, '0', randomUUID()];
      for (let time = 0; time < 2; time += 1) {
        await first.run(SCRIPTS.claim, allKeys(partitionKeys(projection, 0)), args);
      }
    },
    dump: async () =>
      new Map([...(await dumps())].map(([key, bytes]) => [key, bytes.toString('hex')])),
    store: redisProjectionStore(first, storeOptions),
    other: redisProjectionStore(second, storeOptions),
    reader: redisProjectionReader(first, { ...projection, partitions: PARTITIONS }),
    now: async () => Number((await plain.time())[0]) * 1000,
    remember: async () => {
      const remembered = await dumps();
      return async () => {
        await clear();
        for (const [key, bytes] of remembered) await plain.restore(key, 0, bytes);
      };
    },
    close: async () => {
      await clear();
      first.close();
      second.close();
      plain.disconnect();
    },
  };
};
