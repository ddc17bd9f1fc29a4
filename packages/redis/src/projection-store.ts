/**
 * Claims partitions in Redis: the newest claim fences all before it. Looks at the servers first,
 * again after each failover or restart, because settings made at run time are gone then.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { ProjectionStore } from '@holdfast/pipeline/ports.ts';
import type { RedisConnection } from './connection.ts';
import { type Claim, discardPartition } from './discard.ts';
import { allKeys, type Projection, partitionKeys, promotedKey } from './keys.ts';
import { checkFormat, FORMAT, readMeta } from './meta.ts';
import { entriesOf } from './outbox.ts';
import { partitionStore } from './partition-store.ts';
import { fields, list, number, text, textFields } from './reply.ts';
import { SCRIPTS } from './scripts.ts';
import { checkServers } from './server-check.ts';

export interface RedisStoreOptions extends Projection {
  /** A random text; tells claims apart that have the same epoch because one was lost. */
  readonly randomId: () => string;
  /** Takes warnings about the servers: whole sentences for the operator. */
  readonly warn: (warning: string) => void;
}

export const redisProjectionStore = (
  redis: RedisConnection,
  options: RedisStoreOptions,
): ProjectionStore => {
  const checkedServers = new Set<string>();
  return {
    promoted: async (partition) => {
      const keys = [promotedKey(options.instance, partition)];
      const generation = await redis.run(SCRIPTS.readPromoted, keys, []);
      return generation === null ? null : text(generation);
    },
    setPromoted: async (partition, generation) => {
      const keys = [promotedKey(options.instance, partition)];
      await redis.run(SCRIPTS.setPromoted, keys, [generation]);
    },

    claim: async (partition, { policyHash, simulatedClock }) => {
      for (const warning of await checkServers(redis, checkedServers)) options.warn(warning);

      const keys = partitionKeys(options, partition);
      const id = options.randomId();
      const reply = list(
        await redis.run(SCRIPTS.claim, allKeys(keys), [
          FORMAT,
          policyHash,
          simulatedClock ? '1' : '0',
          id,
        ]),
      );
      const answer = text(reply[0]);
      if (answer === 'POLICY') {
        throw new HoldfastError(
          'policy_changed',
          `partition ${partition} was built with ${text(reply[1])}, policy and fold now are ${policyHash}`,
        );
      }
      if (answer === 'FORMAT') checkFormat(Buffer.isBuffer(reply[1]) ? text(reply[1]) : null);

      const firstDue = Buffer.isBuffer(reply[5]) ? text(reply[5]) : null;
      const stored = readMeta(textFields(reply[1]), firstDue);
      const claim: Claim = { epoch: stored.meta.epoch, id, runId: stored.runId };
      const { commitNumber } = stored.meta;
      if (stored.discarding) await discardPartition(redis, keys, claim, commitNumber);
      const counters = [...textFields(reply[3])].map(
        ([name, value]) => [name, number(value, `counter ${name}`)] as const,
      );
      return {
        meta: stored.meta,
        aggregates: textFields(reply[2]),
        counters: new Map(counters),
        outbox: entriesOf(fields(reply[4])),
        store: partitionStore(redis, keys, claim, {
          commitNumber,
          ...(stored.discarding
            ? { buckets: 1, customers: 0 }
            : { buckets: stored.buckets, customers: stored.customers }),
        }),
      };
    },
  };
};
