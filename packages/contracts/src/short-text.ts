/**
 * Strings of few ASCII bytes, which most ids and codes are: made here, for Buffer's own methods
 * leave JavaScript, which costs more than so few bytes. What is longer or not ASCII is left to them.
 */

/** From some 24 bytes on Buffer's methods are the faster. */
export const MOST_SHORT_BYTES = 20;

/** An array for each length, so that none is made for a string. */
const CODES = Array.from({ length: MOST_SHORT_BYTES + 1 }, (_, length) =>
  Array.from({ length }, () => 0),
);

/** The text of `length` bytes, at most `MOST_SHORT_BYTES`; null where they are not all ASCII. */
export const shortText = (bytes: Uint8Array, start: number, length: number): string | null => {
  const codes = CODES[length]!;
  let all = 0;
  for (let index = 0; index < length; index++) {
    const byte = bytes[start + index]!;
    codes[index] = byte;
    all |= byte;
  }
  return all < 0x80 ? String.fromCharCode(...codes) : null;
};
