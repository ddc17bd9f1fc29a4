import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextReader } from './text-reader.ts';
import { TextWriter } from './text-writer.ts';

const part = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -40, max: 40 }),
  // Around the places where a number needs another digit, its halves among them.
  fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: -2, max: 2 }), fc.constantFrom(1, -1))
    .map(([digits, beside, sign]) => sign * (16 * 32 ** digits + beside)),
  fc.string({ unit: fc.constantFrom('a', '~', '\u007f', 'é', '€', '𝄞'), maxLength: 20 }),
  fc.integer({ min: 1, max: 4000 }).map((times) => 'a€'.repeat(times)),
);

describe('numbers and texts in one text', () => {
  it('are read back as they were written, whatever was written before', () => {
    const writer = new TextWriter('head');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        writer.reset();
        for (const one of parts) {
          if (typeof one === 'number') writer.number(one);
          else writer.text(one);
        }
        const text = writer.take();
        expect(text.startsWith('head')).toBe(true);
        const reader = new TextReader();
        reader.reset(text, 'head'.length);
        const read = parts.map((one) =>
          typeof one === 'number' ? reader.number() : reader.string(),
        );
        reader.end();
        expect(read).toEqual(parts);
      }),
    );
  });

  it('are as many as there are, without a text between them', () => {
    const writer = new TextWriter('');
    const numbers = Array.from({ length: 10_000 }, (_, less) => Number.MAX_SAFE_INTEGER - less);
    writer.reset();
    for (const one of numbers) writer.number(one);
    const reader = new TextReader();
    reader.reset(writer.take(), 0);
    expect(numbers.map(() => reader.number())).toEqual(numbers);
    reader.end();
  });

  it.each([2 ** 53, -(2 ** 53), 2 ** 61, Number.POSITIVE_INFINITY, Number.NaN])(
    'are not made of %d',
    (value) => {
      const writer = new TextWriter('');
      writer.reset();
      expect(() => writer.number(value)).toThrow(RangeError);
    },
  );

  it.each([
    ['2^53', `${'_'.repeat(10)}O`],
    ['a digit too many', `${'_'.repeat(11)}?`],
    ['no end', '_'.repeat(400)],
    ['a character below', '>'],
    ['a character above', '\u007f'],
    ['nothing', ''],
  ])('refuse %s', (_, text) => {
    const reader = new TextReader();
    reader.reset(text, 0);
    expect(() => reader.number()).toThrow(RangeError);
  });

  it('takes a character for a digit of 32 and the sign', () => {
    const writer = new TextWriter('');
    writer.reset();
    for (const one of [0, 1, -1, 15, -15, 16, 511, 512, -512]) writer.number(one);
    expect(writer.take()).toBe('?AB]^_@}^__@`_@');
  });
});
