import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorOf, readInt64, readVarint, varintSize, writeInt64, writeVarint } from './bytes.ts';

const edges = [
  0,
  1,
  63,
  64,
  127,
  128,
  8191,
  8192,
  2 ** 27,
  2 ** 28,
  2 ** 31,
  2 ** 34,
  2 ** 35,
  2 ** 52,
];
const number = fc
  .oneof(
    fc.maxSafeInteger(),
    fc.constantFrom(...edges.flatMap((edge) => [edge, -edge, edge - 1, -edge - 1])),
  )
  .filter((value) => Math.abs(value) <= 2 ** 52);

test('a varint is read as it was written, in the bytes its size says', () => {
  fc.assert(
    fc.property(number, (value) => {
      const bytes = Buffer.alloc(16);
      const end = writeVarint(bytes, 3, value);
      expect(end - 3).toBe(varintSize(value));
      const cursor = cursorOf(bytes);
      cursor.at = 3;
      expect(readVarint(cursor)).toBe(value === 0 ? 0 : value);
      expect(cursor.at).toBe(end);
    }),
  );
});

test('a varint has the bytes that the protocol asks for', () => {
  // The zigzag of 64 bits, computed with arbitrary precision.
  fc.assert(
    fc.property(number, (value) => {
      let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
      const wanted: number[] = [];
      for (; rest >= 128n; rest >>= 7n) wanted.push(Number(rest & 127n) | 128);
      wanted.push(Number(rest));
      const bytes = Buffer.alloc(16);
      expect([...bytes.subarray(0, writeVarint(bytes, 0, value))]).toEqual(wanted);
    }),
  );
});

test('64 bits hold every safe integer, as Node’s own big integers do', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const bytes = Buffer.alloc(8);
      expect(writeInt64(bytes, 0, value)).toBe(8);
      expect(bytes.readBigInt64BE(0)).toBe(BigInt(value));
      expect(readInt64(bytes, 0)).toBe(value === 0 ? 0 : value);
    }),
  );
});
