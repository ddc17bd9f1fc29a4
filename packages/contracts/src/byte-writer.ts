/**
 * Writes Avro's primitives into one growing buffer that is used again for every record. It stands
 * in for avsc's own tap, which writes longs below -2^52 as other numbers and encodes a record
 * twice when its buffer is too small. Method names are avsc's, since its compiled writers call
 * them.
 */

const MAX_VARINT_BYTES = 10;
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
    this.pos = this.buf.writeUInt32BE(value, this.pos);
  }

  writeLong(value: number): void {
    this.room(MAX_VARINT_BYTES);
    if (value === (value | 0) && value >= -0x40000000 && value < 0x40000000) {
      let bits = (value << 1) ^ (value >> 31);
      while (bits > 0x7f) {
        this.buf[this.pos++] = (bits & 0x7f) | 0x80;
        bits >>>= 7;
      }
      this.buf[this.pos++] = bits;
      return;
    }
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer`);
    // The sign is the lowest bit and the magnitude the rest: 28 bits, then at most 26 more.
    const magnitude = value < 0 ? -value - 1 : value;
    let low = ((magnitude % TWO_TO_27) << 1) | (value < 0 ? 1 : 0);
    for (let index = 0; index < 4; index++) {
      this.buf[this.pos++] = (low & 0x7f) | 0x80;
      low >>>= 7;
    }
    let high = Math.floor(magnitude / TWO_TO_27);
    while (high > 0x7f) {
      this.buf[this.pos++] = (high & 0x7f) | 0x80;
      high >>>= 7;
    }
    this.buf[this.pos++] = high;
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

  /** ASCII goes byte by byte, which is quicker than a call into Node for so few. */
  private writeShort(text: string): void {
    const length = text.length;
    this.room(1 + 3 * length);
    const start = this.pos;
    let at = start + 1;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        const bytes = this.buf.write(text, start + 1, 'utf8');
        this.buf[start] = bytes << 1;
        this.pos = start + 1 + bytes;
        return;
      }
      this.buf[at++] = code;
    }
    this.buf[start] = length << 1;
    this.pos = at;
  }

  private room(bytes: number): void {
    if (this.pos + bytes <= this.buf.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buf.length * 2, this.pos + bytes));
    this.buf.copy(larger, 0, 0, this.pos);
    this.buf = larger;
  }
}
