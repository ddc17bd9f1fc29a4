/** Forgetting a partition's state, in steps that each hold up Redis for a short while only. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { RedisConnection } from './connection.ts';
import { allKeys, type PartitionKeys } from './keys.ts';
import { text } from './reply.ts';
import { SCRIPTS } from './scripts.ts';

const BUCKETS_A_STEP = 2_000;

/** The claim under which everything is written. */
export interface Claim {
  readonly epoch: number;
  /** Random text it was made with. */
  readonly id: string;
  readonly runId: string;
}

/** Trying the same again under the same claim can't help; claiming again does. */
export const wentBack = (keys: PartitionKeys): HoldfastError =>
  new HoldfastError('store_unavailable', `${keys.meta} went back in time; claim it again`);

/** What to throw where a script answers FENCED or RECLAIM and a commit's answer is not asked for. */
export const brokenClaim = (keys: PartitionKeys, answer: string): HoldfastError =>
  answer === 'FENCED' ? new HoldfastError('fenced', keys.meta) : wentBack(keys);

/**
 * Forgets the partition's state but not its epoch. Throws `fenced` when a later epoch owns it, and
 * `store_unavailable` when Redis does not know the claim any more: claim again.
 */
export const discardPartition = async (
  redis: RedisConnection,
  keys: PartitionKeys,
  claim: Claim,
  commitNumber: number,
): Promise<void> => {
  const args = [String(claim.epoch), claim.id, claim.runId, String(commitNumber)];
  for (;;) {
    const answer = text(
      await redis.run(SCRIPTS.discard, allKeys(keys), [...args, String(BUCKETS_A_STEP)]),
    );
    if (answer === 'DONE') return;
    if (answer !== 'MORE') throw brokenClaim(keys, answer);
  }
};
