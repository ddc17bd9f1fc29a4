/**
 * Unpacks snappy, raw or in the blocks that Java producers wrap it in; Node has no snappy. Only
 * reads, and rejects whatever does not fit.
 * Sources: https://github.com/google/snappy/blob/main/format_description.txt and xerial/snappy-java
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';

/** What snappy-java puts before its blocks: a magic of 8 bytes and two versions of 4. */
const BLOCKS_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const BLOCKS_HEADER_BYTES = 16;

/** Three bytes say at most 64; more than so many times its size no block can become. */
const MAX_RATIO = 22;

const damaged = (): HoldfastError => new HoldfastError('log_unreadable', 'damaged snappy data');

/** A length that follows the tag in `count` bytes, little-endian, or the tag's own. */
const literalLength = (
  packed: Buffer,
  at: number,
  tagged: number,
): [length: number, at: number] => {
  if (tagged < 60) return [tagged + 1, at];
  const bytes = tagged - 59;
  return [packed.readUIntLE(at, bytes) + 1, at + bytes];
};

const unpackBlock = (packed: Buffer): Buffer => {
  let at = 0;
  let size = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = packed.readUInt8(at++);
    size += (byte & 127) * factor;
    if (byte < 128) break;
  }
  if (size > MAX_RATIO * packed.length) throw damaged();
  const unpacked = Buffer.allocUnsafe(size);
  let to = 0;
  while (at < packed.length) {
    const tag = packed[at++]!;
    if ((tag & 3) === 0) {
      const [length, from] = literalLength(packed, at, tag >>> 2);
      if (from + length > packed.length || to + length > size) throw damaged();
      packed.copy(unpacked, to, from, from + length);
      at = from + length;
      to += length;
      continue;
    }
    let length = (tag >>> 2) + 1;
    let back: number;
    if ((tag & 3) === 1) {
      length = ((tag >>> 2) & 7) + 4;
      back = ((tag >>> 5) << 8) | packed.readUInt8(at);
      at += 1;
    } else {
      const bytes = (tag & 3) === 2 ? 2 : 4;
      back = packed.readUIntLE(at, bytes);
      at += bytes;
    }
    if (back === 0 || back > to || to + length > size) throw damaged();
    // One by one: a copy may reach into what it writes.
    for (const end = to + length; to < end; to += 1) unpacked[to] = unpacked[to - back]!;
  }
  if (to !== size) throw damaged();
  return unpacked;
};

export const unpackSnappy = (packed: Buffer): Buffer => {
  try {
    if (!packed.subarray(0, BLOCKS_MAGIC.length).equals(BLOCKS_MAGIC)) return unpackBlock(packed);
    const blocks: Buffer[] = [];
    for (let at = BLOCKS_HEADER_BYTES; at < packed.length; ) {
      const end = at + 4 + packed.readUInt32BE(at);
      if (end > packed.length) throw damaged();
      blocks.push(unpackBlock(packed.subarray(at + 4, end)));
      at = end;
    }
    return Buffer.concat(blocks);
  } catch (error) {
    if (error instanceof RangeError) throw damaged();
    throw error;
  }
};
