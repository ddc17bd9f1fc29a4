import { isHoldfastError } from '@holdfast/domain/errors.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Packed, pack, unpack } from './pack.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 80 });
const { packed } = fc.letrec<{ packed: Packed }>((tie) => ({
  packed: fc.oneof({ depthSize: 'small' }, text, fc.array(tie('packed'), { maxLength: 20 })),
}));

test('what was packed is unpacked', () => {
  fc.assert(
    fc.property(packed, (value) => {
      expect(unpack(pack(value))).toEqual(value);
    }),
  );
});

test('bytes that are no packed list are an error of the store, never a guess', () => {
  const isCorrupt = (error: unknown): boolean => isHoldfastError(error, 'store_corrupt');
  fc.assert(
    fc.property(packed, fc.nat(), (value, seed) => {
      const bytes = pack(value);
      const cut = bytes.subarray(0, seed % bytes.length);
      expect(() => unpack(cut)).toThrow(expect.toSatisfy(isCorrupt));
      expect(() => unpack(Buffer.concat([bytes, bytes]))).toThrow(expect.toSatisfy(isCorrupt));
    }),
  );
});
