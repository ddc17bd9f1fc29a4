/**
 * Writes Avro's primitives into one growing buffer that is used again for every record. It stands
 * in for avsc's own tap, which writes longs below -2^52 as other numbers and encodes a record
 * twice when its buffer is too small. Method names are avsc's, since its compiled writers call
 * them.
 */

import { unitAt } from '@holdfast/domain/unit-at.ts';

const MAX_VARINT_BYTES = 10;
/** The most UTF-8 bytes that one UTF-16 unit takes. */
const MAX_BYTES_A_UNIT = 3;
const TWO_TO_27 = 2 ** 27;
/** Up to here a string's length in UTF-8 is one byte whatever it holds: 3 x 21 = 63. */
const SHORT = 21;

export class ByteWriter {
  private buf: Buffer = Buffer.allocUnsafeSlow(4096);
  private pos = 0;

  /** Forgets what was written. */
  reset(): void {
    this.pos = 0;
  }

  /** Bytes written since `reset`. */
  get length(): number {
    return this.pos;
  }

  /** Bytes that it holds on to. */
  get capacity(): number {
    return this.buf.length;
  }

  /** A copy of what was written since `reset`. */
  take(): Uint8Array {
    const copy = Buffer.allocUnsafe(this.pos);
    this.buf.copy(copy, 0, 0, this.pos);
    return copy;
  }

  writeByte(byte: number): void {
    this.room(1);
    this.buf[this.pos++] = byte;
  }

  /** Four bytes, the greatest first. */
  writeUint32(value: number): void {
    this.room(4);
    this.pos += 4;
    this.replaceUint32(this.pos - 4, value);
  }

  /** In place of four bytes that are written already. */
  replaceUint32(at: number, value: number): void {
    const buf = this.buf;
    buf[at] = value >>> 24;
    buf[at + 1] = value >>> 16;
    buf[at + 2] = value >>> 8;
    buf[at + 3] = value;
  }

  /** Bytes as they are, without their number. */
  writeRaw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buf.set(bytes, this.pos);
    this.pos += bytes.length;
  }

  /** UTF-8 without its length. */
  writeText(text: string): void {
    this.room(MAX_BYTES_A_UNIT * text.length);
    this.pos =
      text.length <= SHORT
        ? this.putShort(text, this.pos)
        : this.pos + this.buf.write(text, this.pos, 'utf8');
  }

  writeLong(value: number): void {
    this.room(MAX_VARINT_BYTES);
    const buf = this.buf;
    let pos = this.pos;
    if (value === (value | 0) && value >= -0x40000000 && value < 0x40000000) {
      let bits = (value << 1) ^ (value >> 31);
      while (bits > 0x7f) {
        buf[pos++] = (bits & 0x7f) | 0x80;
        bits >>>= 7;
      }
      buf[pos++] = bits;
      this.pos = pos;
      return;
    }
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer`);
    // The sign is the lowest bit and the magnitude the rest: 28 bits, then at most 26 more.
    const magnitude = value < 0 ? -value - 1 : value;
    let high = Math.floor(magnitude / TWO_TO_27);
    let low = ((magnitude - high * TWO_TO_27) << 1) | (value < 0 ? 1 : 0);
    for (let index = 0; index < 4; index++) {
      buf[pos++] = (low & 0x7f) | 0x80;
      low >>>= 7;
    }
    while (high > 0x7f) {
      buf[pos++] = (high & 0x7f) | 0x80;
      high >>>= 7;
    }
    buf[pos++] = high;
    this.pos = pos;
  }

  writeInt(value: number): void {
    this.writeLong(value);
  }

  writeString(text: string): void {
    if (text.length <= SHORT) {
      this.writeShort(text);
      return;
    }
    const length = Buffer.byteLength(text);
    this.writeLong(length);
    this.room(length);
    this.pos += this.buf.write(text, this.pos, 'utf8');
  }

  writeBoolean(value: boolean): void {
    this.writeByte(value ? 1 : 0);
  }

  writeDouble(value: number): void {
    this.room(8);
    this.pos = this.buf.writeDoubleLE(value, this.pos);
  }

  /** Bytes that avsc prepared, one character each. */
  writeBinary(bytes: string, length: number): void {
    this.room(length);
    this.pos += this.buf.write(bytes, this.pos, length, 'latin1');
  }

  private writeShort(text: string): void {
    this.room(1 + MAX_BYTES_A_UNIT * text.length);
    const begin = this.pos + 1;
    const end = this.putShort(text, begin);
    this.buf[begin - 1] = (end - begin) << 1;
    this.pos = end;
  }

  /**
   * Where the text ends; there is room for it. ASCII goes byte by byte, which is quicker than a call
   * into Node for so few.
   */
  private putShort(text: string, begin: number): number {
    const buf = this.buf;
    const { length } = text;
    let at = begin;
    for (let index = 0; index < length; index++) {
      const code = unitAt(text, index);
      if (code > 0x7f) return begin + buf.write(text, begin, 'utf8');
      buf[at++] = code;
    }
    return at;
  }

  private room(bytes: number): void {
    if (this.pos + bytes <= this.buf.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buf.length * 2, this.pos + bytes));
    this.buf.copy(larger, 0, 0, this.pos);
    this.buf = larger;
  }
}
