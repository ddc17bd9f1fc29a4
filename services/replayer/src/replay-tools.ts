/** What rebuilding and promoting write with: the generation's store, and the output's producer. */

import { randomUUID } from 'node:crypto';
import type { World } from '@holdfast/command/world.ts';
import { policyHash } from '@holdfast/config/policy-hash.ts';
import { kafkaDeltaSink } from '@holdfast/kafka/delta-sink.ts';
import type { DeltaSink } from '@holdfast/pipeline/ports.ts';
import { redisProjectionStore } from '@holdfast/redis/projection-store.ts';
import type { RebuildTools } from '@holdfast/replay/rebuild.ts';
import { clockOf } from '@holdfast/service/clock.ts';
import type { Reach } from './reach.ts';

export const rebuildTools = (
  { config, redis, machine, output }: Reach,
  world: Pick<World, 'now'>,
  folded: (records: number) => void,
): RebuildTools => ({
  machine,
  store: redisProjectionStore(redis, {
    ...config.identity,
    randomId: randomUUID,
    // The processors say it, time and again.
    warn: () => undefined,
  }),
  reader: output,
  clock: clockOf(config.run.clock, world.now),
  policyHash: policyHash(config.run.policy),
  // One partition at a time.
  cacheCapacity: config.limits.customersInMemory,
  batchRecords: config.limits.batchRecords,
  newId: randomUUID,
  folded,
});

/** All that is in force in a partition may differ: millions of deltas in one transaction. */
const RESTATEMENT_TIMEOUT_MS = 120_000;

export const outputSink = ({ config, kafka }: Reach): DeltaSink =>
  kafkaDeltaSink({
    kafka,
    deltaTopic: config.topics.deltas,
    deadLetterTopic: config.topics.deadLetters,
    instance: config.identity.instance,
    // As the processors write it.
    compression: 'none',
    now: Date.now,
    timeoutMs: RESTATEMENT_TIMEOUT_MS,
  });
