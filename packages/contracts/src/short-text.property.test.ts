import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MOST_SHORT_BYTES, shortText } from './short-text.ts';

const anyByte = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
);
const shortBytes = fc.array(anyByte, { maxLength: MOST_SHORT_BYTES, size: 'max' });
const around = fc.uint8Array({ maxLength: 5 });

it('ASCII of any length is read as UTF-8 reads it, nothing else is, and its neighbours do not count', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(around, shortBytes, around), { minLength: 1 }), (texts) => {
      for (const [before, text, after] of texts) {
        const bytes = Buffer.from([...before, ...text, ...after]);
        const isAscii = text.every((byte) => byte < 0x80);
        const wanted = isAscii ? Buffer.from(text).toString('utf8') : null;
        expect(shortText(bytes, before.length, text.length)).toBe(wanted);
      }
    }),
  );
});
