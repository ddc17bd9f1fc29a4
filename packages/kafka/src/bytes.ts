/**
 * The number formats of Kafka's protocol on plain buffers: 64-bit integers as numbers (offsets,
 * timestamps and producer ids stay below 2^53) and zigzag varints. Holds no state.
 */

const TWO_32 = 2 ** 32;
const TWO_28 = 2 ** 28;

export const readInt64 = (bytes: Buffer, at: number): number =>
  bytes.readInt32BE(at) * TWO_32 + bytes.readUInt32BE(at + 4);

export const writeInt64 = (bytes: Buffer, at: number, value: number): number => {
  bytes.writeInt32BE(Math.floor(value / TWO_32), at);
  return bytes.writeUInt32BE(value >>> 0, at + 4);
};

/** Bytes that a signed number of up to 2^52 takes as a varint. */
export const varintSize = (value: number): number => {
  if (value >= -64 && value < 64) return 1;
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let size = 1;
  for (; rest >= 128; size += 1) rest = Math.floor(rest / 128);
  return size;
};

/** Writes a signed number of up to 2^52; gives the position after it. */
export const writeVarint = (bytes: Buffer, at: number, value: number): number => {
  if (value >= 0 && value < 64) {
    bytes[at] = 2 * value;
    return at + 1;
  }
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let next = at;
  for (; rest >= TWO_28; rest = Math.floor(rest / 128)) bytes[next++] = (rest % 128) | 128;
  for (; rest >= 128; rest >>>= 7) bytes[next++] = (rest & 127) | 128;
  bytes[next++] = rest;
  return next;
};

/** A position in a buffer that moves as values are read. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

export const cursorOf = (bytes: Buffer): Cursor => ({ bytes, at: 0 });

/** Reads a signed number of up to 2^52. */
export const readVarint = (cursor: Cursor): number => {
  const { bytes } = cursor;
  let at = cursor.at;
  let byte = bytes[at++]!;
  let value = byte & 127;
  let shift = 7;
  for (; byte & 128 && shift < 28; shift += 7) {
    byte = bytes[at++]!;
    value |= (byte & 127) << shift;
  }
  for (let factor = TWO_28; byte & 128; factor *= 128) {
    byte = bytes[at++]!;
    value += (byte & 127) * factor;
  }
  cursor.at = at;
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
};

/** Reads bytes that carry their length as a varint, -1 for null; a view, not a copy. */
export const readVarintBytes = (cursor: Cursor): Buffer | null => {
  const length = readVarint(cursor);
  if (length < 0) return null;
  const from = cursor.at;
  cursor.at = from + length;
  return cursor.bytes.subarray(from, cursor.at);
};
