/**
 * Unpacks LZ4 frames, which Node can't. Only reads, rejects whatever does not fit, and leaves the
 * frame's optional checksums alone: Kafka's own checksum covers them.
 * Source: https://github.com/lz4/lz4/tree/dev/doc (frame and block format)
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';

const MAGIC = 0x184d2204;
const VERSION = 1;
/** Bits of the frame's first flags. */
const HAS_BLOCK_CHECKSUM = 0x10;
const HAS_CONTENT_SIZE = 0x08;
/** The highest bit of a block's size: the block stands there as it is. */
const STORED = 0x80000000;
const MIN_MATCH = 4;
/** Before the descriptor: the magic; after it: one byte of checksum. */
const MAGIC_BYTES = 4;

const damaged = (): HoldfastError => new HoldfastError('log_unreadable', 'damaged LZ4 data');

/** The largest block, by the code in the frame's second byte: 64 KiB, 256 KiB, 1 MiB or 4 MiB. */
const maxBlockBytes = (code: number): number => {
  if (code < 4) throw damaged();
  return 2 ** (8 + 2 * code);
};

/** Reads one block into `target` from `to` on, where earlier blocks stand before it. */
const unpackBlock = (packed: Buffer, target: Buffer, start: number, limit: number): number => {
  let at = 0;
  let to = start;
  const extended = (length: number): number => {
    if (length < 15) return length;
    let whole = length;
    for (let byte = 255; byte === 255; whole += byte) byte = packed.readUInt8(at++);
    return whole;
  };
  while (at < packed.length) {
    const token = packed[at++]!;
    const literals = extended(token >>> 4);
    if (at + literals > packed.length || to + literals > limit) throw damaged();
    packed.copy(target, to, at, at + literals);
    at += literals;
    to += literals;
    // The last sequence of a block has no match.
    if (at === packed.length) break;
    const back = packed.readUInt16LE(at);
    at += 2;
    const length = extended(token & 15) + MIN_MATCH;
    if (back === 0 || back > to || to + length > limit) throw damaged();
    // One by one: a match may reach into what it writes.
    for (const end = to + length; to < end; to += 1) target[to] = target[to - back]!;
  }
  return to;
};

const unpackFrame = (packed: Buffer): Buffer => {
  const flags = packed.readUInt8(MAGIC_BYTES);
  if (packed.readUInt32LE(0) !== MAGIC || flags >>> 6 !== VERSION) throw damaged();
  const blockBytes = maxBlockBytes((packed.readUInt8(MAGIC_BYTES + 1) >>> 4) & 7);
  let at = MAGIC_BYTES + 2 + (flags & HAS_CONTENT_SIZE ? 8 : 0) + 1;
  let target = Buffer.allocUnsafe(blockBytes);
  let to = 0;
  for (;;) {
    const head = packed.readUInt32LE(at);
    at += 4;
    if (head === 0) return target.subarray(0, to);
    const size = head % STORED;
    if (at + size > packed.length) throw damaged();
    if (to + blockBytes > target.length) target = Buffer.concat([target], 2 * target.length);
    const block = packed.subarray(at, at + size);
    if (head >= STORED) {
      if (size > blockBytes) throw damaged();
      to += block.copy(target, to);
    } else {
      to = unpackBlock(block, target, to, to + blockBytes);
    }
    at += size + (flags & HAS_BLOCK_CHECKSUM ? 4 : 0);
  }
};

export const unpackLz4 = (packed: Buffer): Buffer => {
  try {
    return unpackFrame(packed);
  } catch (error) {
    if (error instanceof RangeError) throw damaged();
    throw error;
  }
};
