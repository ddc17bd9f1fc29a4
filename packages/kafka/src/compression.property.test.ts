import { isHoldfastError } from '@holdfast/domain/errors.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JAVA_BATCHES, LARGE_JAVA_BATCHES } from '../testing/java-batches.ts';
import { decompress } from './compression.ts';

const HEADER_BYTES = 61;
const CODECS = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

const samples = [
  ...(['gzip', 'snappy', 'lz4', 'zstd'] as const).map(
    (name) => [name, JAVA_BATCHES[name]] as const,
  ),
  ...(['snappy', 'lz4'] as const).map((name) => [name, LARGE_JAVA_BATCHES[name]] as const),
];

test('whatever is damaged, the bytes are given or refused by name, soon', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
      fc.nat(),
      ([name, batch], changes, cut) => {
        const packed = Buffer.from(batch.subarray(HEADER_BYTES));
        for (const [at, byte] of changes) packed[at % packed.length] = byte;
        const damaged = cut % 3 === 0 ? packed.subarray(0, cut % packed.length) : packed;
        try {
          expect(Buffer.isBuffer(decompress(CODECS[name], damaged))).toBe(true);
        } catch (error) {
          if (!isHoldfastError(error, 'log_unreadable')) throw error;
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test('any bytes at all are given or refused by name', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 3, 4, 5),
      fc.uint8Array({ maxLength: 200 }),
      (codec, bytes) => {
        try {
          expect(Buffer.isBuffer(decompress(codec, Buffer.from(bytes)))).toBe(true);
        } catch (error) {
          if (!isHoldfastError(error, 'log_unreadable')) throw error;
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
