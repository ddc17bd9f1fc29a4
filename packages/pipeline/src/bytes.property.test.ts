import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isText, toBytes, toText } from './bytes.ts';

const anyText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', '\uFFFD', '\u0000', '\uFEFF', '\uFEFFcus_1', 'cus_1\u00e9'),
);
const anyBytes = fc.oneof(
  anyText.map(toBytes),
  fc.uint8Array({ maxLength: 8 }),
  fc
    .tuple(fc.constantFrom([0xef, 0xbb, 0xbf], [0xff], [0xc3]), anyText)
    .map(([head, text]) => Uint8Array.from([...head, ...toBytes(text)])),
);

it('bytes are the text that they decode to, and no other', () => {
  fc.assert(
    fc.property(anyBytes, fc.array(anyText, { maxLength: 3 }), anyText, (bytes, others, tail) => {
      const own = toText(bytes);
      const near = [own, own + tail, tail + own, own.slice(0, -1), own.slice(1)];
      for (const text of [...near, ...others]) expect(isText(bytes, text)).toBe(own === text);
    }),
  );
});
