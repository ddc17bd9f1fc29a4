/**
 * Writes what `text-reader.ts` reads: whole numbers and texts, one after the other, into bytes that
 * are used again for every text. Numbers are digits of 32, the lowest first, one character each
 * from `?` on; all but the last have 32 added, and the lowest carries the sign. Making and reading
 * decimals takes four times as long.
 */

import { unitAt } from './unit-at.ts';

const ZERO = 63;
const MORE = 32;
/** A number of 53 bits. */
const MOST_DIGITS = 11;
/** The lower half of a number: four bits and five digits. */
const LOW_DIGITS = 6;
const HIGH = 2 ** 29;
/** The most UTF-8 bytes that one UTF-16 unit takes. */
const MOST_BYTES_A_UNIT = 3;

/** Texts up to here are so many that what they are taken from is kept, length by length. */
const SHORT = 1024;

/** Throws RangeError for what is no safe integer. */
function highOf(magnitude: number): number {
  if (!Number.isSafeInteger(magnitude)) throw new RangeError(`${magnitude} is no safe integer`);
  return Math.floor(magnitude / HIGH);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class TextWriter {
  private readonly head: Uint8Array;
  private bytes = new Uint8Array(4096);
  /** The beginnings of `bytes`, by length: making one costs as much as writing a short text. */
  private beginnings: Uint8Array[] = [];
  private at = 0;

  /** Every text begins with the head. */
  constructor(head: string) {
    this.head = encoder.encode(head);
  }

  /** Begins another text. */
  reset(): void {
    this.bytes.set(this.head);
    this.at = this.head.length;
  }

  /** A safe integer. Throws RangeError for one too large, and for none. */
  number(value: number): void {
    this.makeRoom(MOST_DIGITS);
    const { bytes } = this;
    let at = this.at;
    const magnitude = value < 0 ? -value : value;
    // In two halves of whole digits, since only numbers of 31 bits are quickly taken apart.
    const high = magnitude < HIGH ? 0 : highOf(magnitude);
    let rest = magnitude - high * HIGH;
    // The lowest digit has room for four bits beside the sign.
    let digit = ((rest & 15) << 1) | (value < 0 ? 1 : 0);
    rest >>>= 4;
    if (high > 0) {
      for (let left = LOW_DIGITS; left > 0; left -= 1) {
        bytes[at++] = ZERO + MORE + digit;
        digit = rest & 31;
        rest >>>= 5;
      }
      rest = high >>> 5;
      digit = high & 31;
    }
    while (rest > 0) {
      bytes[at++] = ZERO + MORE + digit;
      digit = rest & 31;
      rest >>>= 5;
    }
    bytes[at++] = ZERO + digit;
    this.at = at;
  }

  /** Its length in UTF-16 units, then itself. */
  text(value: string): void {
    this.number(value.length);
    this.makeRoom(value.length * MOST_BYTES_A_UNIT);
    const start = this.at;
    const { length } = value;
    for (let index = 0; index < length; index += 1) {
      const unit = unitAt(value, index);
      if (unit > 127) {
        this.at = start + encoder.encodeInto(value, this.bytes.subarray(start)).written;
        return;
      }
      this.bytes[start + index] = unit;
    }
    this.at = start + length;
  }

  /** What was written since `reset`. */
  take(): string {
    const { at } = this;
    if (at > SHORT) return decoder.decode(this.bytes.subarray(0, at));
    let beginning = this.beginnings[at];
    if (beginning === undefined) {
      beginning = this.bytes.subarray(0, at);
      this.beginnings[at] = beginning;
    }
    return decoder.decode(beginning);
  }

  private makeRoom(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.at + more));
    larger.set(this.bytes);
    this.bytes = larger;
    this.beginnings = [];
  }
}
