/** Numbers and strings over their whole range, against the definition of Avro's varints. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyLong, anyText } from '../testing/arbitraries.ts';
import { varint } from '../testing/varint.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

const reading = (bytes: Uint8Array): ByteReader => {
  const reader = new ByteReader();
  reader.reset(bytes, 0);
  return reader;
};

const writing = (write: (writer: ByteWriter) => void): Uint8Array => {
  const writer = new ByteWriter();
  writer.reset();
  write(writer);
  return Uint8Array.from(writer.take());
};

const any64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 62n }), fc.bigInt({ min: -2n, max: 2n }), fc.boolean())
    .map(([bits, by, negative]) => (negative ? -(2n ** bits + by) : 2n ** bits + by)),
);

describe('a long', () => {
  it('is written as the specification says', () => {
    fc.assert(
      fc.property(anyLong, (value) => {
        expect(writing((writer) => writer.writeLong(value))).toEqual(varint(BigInt(value)));
      }),
    );
  });

  it('of any 64 bits is read exactly or refused, and passed over whole', () => {
    fc.assert(
      fc.property(any64, (value) => {
        const bytes = varint(value);
        const skipper = reading(bytes);
        skipper.skipLong();
        expect(skipper.remaining()).toBe(0);
        const reader = reading(bytes);
        if (Number.isSafeInteger(Number(value))) {
          expect(reader.readLong()).toBe(Number(value));
          expect(reader.remaining()).toBe(0);
        } else {
          expect(() => reader.readLong()).toThrow(`${value}; want an integer`);
        }
      }),
    );
  });

  it('that is no safe integer is not written', () => {
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)]) {
      expect(() => writing((writer) => writer.writeLong(value))).toThrow(RangeError);
    }
  });
});

describe('a string', () => {
  it('is read as it was written, whatever its length and alphabet', () => {
    const lengths = fc.tuple(anyText, fc.integer({ min: 1, max: 400 }));
    fc.assert(
      fc.property(fc.array(lengths), (texts) => {
        const whole = texts.map(([text, times]) => text.repeat(times));
        const bytes = writing((writer) => {
          for (const text of whole) writer.writeString(text);
        });
        const reader = reading(bytes);
        expect(whole.map(() => reader.readString())).toEqual(whole);
        expect(reader.remaining()).toBe(0);
        reader.reset(bytes, 0);
        for (const _ of whole) reader.skipString();
        expect(reader.remaining()).toBe(0);
      }),
    );
  });

  it('is refused where its bytes are no UTF-8, and only there', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const hard = fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xef, 0xbd, 0xff);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(hard), (some, others) => {
        const text = Uint8Array.from([...some.slice(0, 3), ...others]);
        const bytes = Uint8Array.from([...varint(BigInt(text.length)), ...text]);
        let wanted: string | null = null;
        try {
          wanted = strict.decode(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
        if (wanted === null) expect(() => reading(bytes).readString()).toThrow('is not UTF-8');
        else expect(reading(bytes).readString()).toBe(wanted);
      }),
    );
  });
});
