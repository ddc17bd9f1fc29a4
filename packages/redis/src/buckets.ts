/**
 * Which bucket a customer is in. Linear hashing: the number of buckets grows one at a time, and
 * the bucket that comes new takes its customers from a single older one, so that a commit can
 * grow the table by just what it adds.
 *
 * `lua/customer-hash.lua` computes the same hash, because a split moves customers inside the
 * commit's script; a test holds the two together. Multipliers below 2^19 keep every product exact
 * in the doubles that Lua has.
 */

import { unitAt } from '@holdfast/domain/unit-at.ts';

/** Customers a bucket holds on average: small enough to be searched, large enough to be cheap. */
export const CUSTOMERS_PER_BUCKET = 32;

const STEP = 403_409;
const LAST = 506_537;

const mixed = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, STEP);
  return (product << 13) | (product >>> 19);
};

const finished = (hash: number): number => {
  const first = Math.imul(hash ^ (hash >>> 16), STEP);
  const second = Math.imul(first ^ (first >>> 13), LAST);
  return second ^ (second >>> 16);
};

const hashOfBytes = (bytes: Uint8Array): number => {
  const { length } = bytes;
  let hash = length;
  for (let at = 0; at < length; at += 4) {
    const word =
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    hash = mixed(hash, word);
  }
  return finished(hash);
};

/** 32 bits, signed, of the id's UTF-8 bytes. */
export const customerHash = (customerId: string): number => {
  const { length } = customerId;
  let hash = length;
  for (let at = 0; at < length; at += 4) {
    // Beyond the end a unit is NaN, which counts as 0.
    const a = unitAt(customerId, at);
    const b = unitAt(customerId, at + 1);
    const c = unitAt(customerId, at + 2);
    const d = unitAt(customerId, at + 3);
    if ((a | b | c | d) > 127) return hashOfBytes(Buffer.from(customerId));
    hash = mixed(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  return finished(hash);
};

/** The greatest power of two that is not above `buckets`. */
const level = (buckets: number): number => 2 ** (31 - Math.clz32(buckets));

/** Finds the bucket of a hash, among so many. */
export const bucketing = (buckets: number): ((hash: number) => number) => {
  const base = level(buckets);
  const mask = 2 * base - 1;
  return (hash) => {
    const bucket = hash & mask;
    return bucket < buckets ? bucket : bucket - base;
  };
};

/** How many buckets so many customers want. */
export const bucketsFor = (customers: number): number =>
  Math.max(1, Math.ceil(customers / CUSTOMERS_PER_BUCKET));
