/**
 * Names every key of a partition. All of them carry one hash tag, so that they share a slot and a
 * commit is one script in one place, in Redis Cluster as well.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';

/** The projection whose partitions are kept: an installation, and one build of its figures. */
export interface Projection {
  readonly instance: string;
  readonly generation: string;
}

export interface PartitionKeys {
  /** Hash: what `PartitionMeta` says, the claim, and how many buckets and customers there are. */
  readonly meta: string;
  /** Hash: aggregate rows. */
  readonly aggregates: string;
  /**
   * Sorted set, all scores 0, so sorted by text: `window/loss/customer`, the loss in minor units as 16
   * digits. The last one of a window is its greatest loss.
   */
  readonly losses: string;
  /** Hash: counters. */
  readonly counters: string;
  /** Sorted set: bucket, scored by an instant not later than the due of any customer in it. */
  readonly due: string;
  /**
   * Hash: field `n` holds the number of chunks of commit n's entry, fields `n/0`, `n/1` ... the
   * chunks. Chunks without their field `n` do not count.
   */
  readonly outbox: string;
  /** Hash: values too large for a bucket, by customer; their place in the bucket is empty. */
  readonly large: string;
  /** Prefix of the buckets, which are hashes of customer to value: `prefix0`, `prefix1`, ... */
  readonly buckets: string;
}

/** String: the generation that was promoted in a partition without deltas; of all generations. */
export const promotedKey = (instance: string, partition: number): string =>
  `holdfast:{${instance}:${partition}}:promoted`;

const NAME = /^[A-Za-z0-9._-]+$/;

export const partitionKeys = (projection: Projection, partition: number): PartitionKeys => {
  const { instance, generation } = projection;
  for (const name of [instance, generation]) {
    if (!NAME.test(name)) {
      throw new HoldfastError('config_invalid', `"${name}" cannot be part of a key of Redis`);
    }
  }
  const tag = `holdfast:{${instance}:${generation}:${partition}}`;
  return {
    meta: `${tag}:meta`,
    aggregates: `${tag}:aggregates`,
    losses: `${tag}:losses`,
    counters: `${tag}:counters`,
    due: `${tag}:due`,
    outbox: `${tag}:outbox`,
    large: `${tag}:large`,
    buckets: `${tag}:c:`,
  };
};

/** The keys in the order in which every script that takes all eight takes them. */
export const allKeys = (keys: PartitionKeys): readonly string[] => [
  keys.meta,
  keys.aggregates,
  keys.counters,
  keys.due,
  keys.outbox,
  keys.large,
  keys.losses,
  keys.buckets,
];
