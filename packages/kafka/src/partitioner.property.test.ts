import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, test } from 'vitest';
import { partitionFor } from './partitioner.ts';

/** Computed by kafka-clients 4.3.0, Utils.murmur2. */
const JAVA_HASHES: readonly (readonly [key: Uint8Array, hash: number])[] = [
  [Buffer.from('21'), -973932308],
  [Buffer.from('foobar'), -790332482],
  [Buffer.from('a-little-bit-long-string'), -985981536],
  [Buffer.from('a-little-bit-longer-string'), -1486304829],
  [Buffer.from('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8'), -58897971],
  [Buffer.from('abc'), 479470107],
  [Buffer.from(''), 275646681],
  [Buffer.from([0xff, 0x80, 1, 2, 0xfe]), 1254648393],
];

test('keys go where Java’s default partitioner puts them', () => {
  for (const [key, hash] of JAVA_HASHES) {
    for (const partitions of [1, 4, 12, 1_000_003]) {
      expect(partitionFor(key, partitions)).toBe((hash & 0x7fffffff) % partitions);
    }
  }
});

test('keys go where kafkajs’s default partitioner puts them', () => {
  const kafkajs = Partitioners.DefaultPartitioner();
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.integer({ min: 1, max: 300 }),
      (key, count) => {
        const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
          partitionErrorCode: 0,
          partitionId,
          leader: 1,
          replicas: [1],
          isr: [1],
        }));
        const message = { key: Buffer.from(key), value: null };
        expect(partitionFor(key, count)).toBe(kafkajs({ topic: 't', partitionMetadata, message }));
      },
    ),
  );
});
