/**
 * Lists of strings in MessagePack, which Lua scripts read and write with `cmsgpack`. A commit of
 * 5,000 customers is one argument instead of 15,000, which halves what the client spends on it.
 * Knows nothing but strings, lists and "no value"; anything else is an error.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { unitAt } from '@holdfast/domain/unit-at.ts';

export type Packed = string | readonly Packed[];
export type Unpacked = string | null | readonly Unpacked[];

/** The most UTF-8 bytes that one UTF-16 unit takes. */
const MOST_BYTES_A_UNIT = 3;
const HEADER_BYTES = 5;
/** Texts of so many bytes fit behind a header of one byte. */
const SHORT = 31;
const FIRST_BYTES = 64 * 1024;

/** Written over by every call, and no longer than the longest of them. */
let scratch = Buffer.allocUnsafe(FIRST_BYTES);

const makeRoom = (at: number, bytes: number): void => {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(2 * scratch.length, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
};

const writeText = (at: number, text: string): number => {
  const { length } = text;
  makeRoom(at, HEADER_BYTES + length * MOST_BYTES_A_UNIT);
  if (length <= SHORT) {
    // ASCII, as nearly all of them are, goes byte by byte: quicker than a call for so few.
    let end = at + 1;
    let unit = 0;
    for (; unit < length; unit += 1) {
      const code = unitAt(text, unit);
      if (code > 127) break;
      scratch[end++] = code;
    }
    if (unit === length) {
      scratch[at] = 0xa0 | unit;
      return end;
    }
  }
  const bytes = scratch.write(text, at + HEADER_BYTES);
  scratch[at] = 0xdb;
  scratch.writeUInt32BE(bytes, at + 1);
  return at + HEADER_BYTES + bytes;
};

const write = (at: number, value: Packed): number => {
  if (typeof value === 'string') return writeText(at, value);
  makeRoom(at, HEADER_BYTES);
  scratch[at] = 0xdd;
  scratch.writeUInt32BE(value.length, at + 1);
  let next = at + HEADER_BYTES;
  for (const each of value) {
    next = typeof each === 'string' ? writeText(next, each) : write(next, each);
  }
  return next;
};

export const pack = (value: Packed): Buffer => {
  const bytes = write(0, value);
  return Buffer.from(scratch.subarray(0, bytes));
};

/** What a length of bytes or items is told by: the header's own low bits, or bytes after it. */
const lengthAt = (bytes: Buffer, at: number, width: 1 | 2 | 4): number =>
  bytes.readUIntBE(at, width);

export const unpack = (bytes: Buffer): Unpacked => {
  let at = 0;
  const length = (width: 1 | 2 | 4): number => {
    const value = lengthAt(bytes, at, width);
    at += width;
    return value;
  };
  const text = (size: number): string => {
    if (at + size > bytes.length) throw new RangeError('text beyond the end');
    const value = bytes.toString('utf8', at, at + size);
    at += size;
    return value;
  };
  const list = (size: number): readonly Unpacked[] => {
    const values: Unpacked[] = [];
    for (let each = 0; each < size; each += 1) values.push(next());
    return values;
  };
  const next = (): Unpacked => {
    const type = bytes.readUInt8(at);
    at += 1;
    if (type >= 0xa0 && type <= 0xbf) return text(type & 0x1f);
    if (type >= 0x90 && type <= 0x9f) return list(type & 0x0f);
    switch (type) {
      case 0xd9:
        return text(length(1));
      case 0xda:
        return text(length(2));
      case 0xdb:
        return text(length(4));
      case 0xdc:
        return list(length(2));
      case 0xdd:
        return list(length(4));
      // Lua has `false` for a missing field.
      case 0xc0:
      case 0xc2:
        return null;
      default:
        throw new RangeError(`byte 0x${type.toString(16)} at ${at - 1}`);
    }
  };
  try {
    const value = next();
    if (at !== bytes.length) throw new RangeError('bytes after the end');
    return value;
  } catch (error) {
    throw new HoldfastError('store_corrupt', 'an answer of Redis is no list of strings', {
      cause: error,
    });
  }
};
