/**
 * Reads Avro's primitives from bytes that nobody vouches for. It stands in for avsc's own tap,
 * which neither notices the end of the bytes nor an absurd length, and which reads longs below
 * -2^52 as other numbers. Method names are avsc's, since its compiled readers call them.
 * Never reads past the end, never allocates more than the bytes at hand justify.
 */

import { isUtf8 } from 'node:buffer';
import { MOST_SHORT_BYTES, shortText } from './short-text.ts';
import { Unreadable } from './unreadable.ts';

const TWO_TO_27 = 2 ** 27;
const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const LONGEST_VARINT = 10;

export class ByteReader {
  pos = 0;
  /** Set when an enum was read whose symbol is `unknown` to us. */
  sawUnknownSymbol = false;
  private buf: Buffer = Buffer.alloc(0);

  /** Starts on other bytes. */
  reset(bytes: Uint8Array, pos: number): void {
    this.buf = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.pos = pos;
    this.sawUnknownSymbol = false;
  }

  remaining(): number {
    return this.buf.length - this.pos;
  }

  /** A long that a number holds exactly. */
  readLong(): number {
    const byte = this.readByte();
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    return this.readWideLong(byte);
  }

  readInt(): number {
    const start = this.pos;
    const value = this.readLong();
    if (value > INT_MAX || value < INT_MIN) this.refuseInt(start);
    return value;
  }

  /** A long that is an instant: the same, but a refusal says so. */
  readInstant(): number {
    const start = this.pos;
    try {
      return this.readLong();
    } catch (error) {
      if (!(error instanceof Unreadable) || error.reason !== 'bad_number') throw error;
      throw new Unreadable(
        'bad_instant',
        `${this.wholeLong(start)}; want milliseconds since 1970 in UTC`,
      );
    }
  }

  readString(): string {
    const length = this.readLength();
    const start = this.pos;
    const end = start + length;
    this.pos = end;
    const short = length > MOST_SHORT_BYTES ? null : shortText(this.buf, start, length);
    if (short !== null) return short;
    const text = this.buf.toString('utf8', start, end);
    if (text.includes('\uFFFD') && !isUtf8(this.buf.subarray(start, end))) {
      throw new Unreadable('malformed', 'is not UTF-8; write strings in UTF-8');
    }
    return text;
  }

  readBoolean(): boolean {
    return this.readByte() !== 0;
  }

  readFloat(): number {
    const start = this.pos;
    this.skipBytesOf(4);
    return this.buf.readFloatLE(start);
  }

  readDouble(): number {
    const start = this.pos;
    this.skipBytesOf(8);
    return this.buf.readDoubleLE(start);
  }

  /** How many entries the next block of an array or map has; 0 ends it. */
  readCount(): number {
    let count = this.readLong();
    if (count < 0) {
      count = -count;
      this.skipLong();
    }
    // An entry takes a byte at least, so a greater count is a lie that must not cost memory.
    if (count > this.remaining()) {
      throw new Unreadable(
        'malformed',
        `announces ${count} entries where ${this.remaining()} bytes are left; write the record whole`,
      );
    }
    return count;
  }

  skipLong(): void {
    for (let bytes = 1; this.readByte() >= 0x80; bytes++) {
      if (bytes === LONGEST_VARINT) this.refuseVarint();
    }
  }

  skipInt(): void {
    this.skipLong();
  }

  skipString(): void {
    const length = this.readLength();
    this.pos += length;
  }

  skipBytes(): void {
    this.skipString();
  }

  skipBoolean(): void {
    this.skipBytesOf(1);
  }

  skipFloat(): void {
    this.skipBytesOf(4);
  }

  skipDouble(): void {
    this.skipBytesOf(8);
  }

  skipFixed(length: number): void {
    this.skipBytesOf(length);
  }

  private readByte(): number {
    if (this.pos >= this.buf.length) {
      throw new Unreadable('malformed', 'is cut off; write the record whole');
    }
    return this.buf[this.pos++]!;
  }

  private skipBytesOf(length: number): void {
    if (length > this.remaining()) {
      throw new Unreadable(
        'malformed',
        `takes ${length} bytes where ${this.remaining()} are left; write the record whole`,
      );
    }
    this.pos += length;
  }

  private readLength(): number {
    const length = this.readLong();
    if (length < 0 || length > this.remaining()) {
      throw new Unreadable(
        'malformed',
        `announces ${length} bytes where ${this.remaining()} are left; write the record whole`,
      );
    }
    return length;
  }

  /**
   * A varint of two bytes or more. Its 64 bits are taken as 28 + 28 + 8, since a number holds 53:
   * the sign is the lowest bit, the magnitude the rest, and each sum below is exact or too great.
   */
  private readWideLong(first: number): number {
    const start = this.pos - 1;
    let byte = first;
    let low = first & 0x7f;
    for (let shift = 7; byte >= 0x80 && shift < 28; shift += 7) {
      byte = this.readByte();
      low |= (byte & 0x7f) << shift;
    }
    if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    let middle = 0;
    for (let shift = 0; byte >= 0x80 && shift < 28; shift += 7) {
      byte = this.readByte();
      middle |= (byte & 0x7f) << shift;
    }
    let high = 0;
    if (byte >= 0x80) {
      byte = this.readByte();
      high = byte & 0x7f;
      if (byte >= 0x80) {
        byte = this.readByte();
        if (byte > 1) this.refuseVarint();
        high |= byte << 7;
      }
    }
    const magnitude = (low >>> 1) + middle * TWO_TO_27;
    const value = (low & 1) === 0 ? magnitude : -magnitude - 1;
    if (high !== 0 || !Number.isSafeInteger(value)) {
      throw new Unreadable(
        'bad_number',
        `${this.wholeLong(start)}; want an integer from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`,
      );
    }
    return value;
  }

  /** The exact value of the varint at a position, for messages only. */
  private wholeLong(start: number): bigint {
    let bits = 0n;
    for (let index = 0; index < LONGEST_VARINT; index++) {
      const byte = this.buf[start + index] ?? 0;
      bits |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) break;
    }
    return (bits >> 1n) ^ -(bits & 1n);
  }

  private refuseInt(start: number): never {
    throw new Unreadable(
      'bad_number',
      `${this.wholeLong(start)}; want an integer from ${INT_MIN} to ${INT_MAX}`,
    );
  }

  private refuseVarint(): never {
    throw new Unreadable('malformed', 'has more than 64 bits; write the record in Avro');
  }
}
