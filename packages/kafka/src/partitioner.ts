/**
 * Which partition a key belongs to: murmur2 as in Java's and kafkajs's default partitioners, so
 * that records of one customer meet whoever produced them. On 32-bit numbers where kafkajs takes
 * big ones, for the pipeline asks it for every record.
 */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

const murmur2 = (bytes: Uint8Array): number => {
  const { length } = bytes;
  let h = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    k = Math.imul(k, M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  if (at < length) {
    for (let byte = length - 1; byte >= at; byte -= 1) h ^= bytes[byte]! << ((byte - at) * 8);
    h = Math.imul(h, M);
  }
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
};

/** A number from 0 to `partitions` - 1. */
export const partitionFor = (key: Uint8Array, partitions: number): number =>
  (murmur2(key) & 0x7fffffff) % partitions;
