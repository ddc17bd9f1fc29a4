/**
 * Reads what `text-writer.ts` writes. Character by character, since a general parser and the
 * arrays that it leaves behind take four times as long.
 */

import { unitAt } from './unit-at.ts';

const ZERO = 63;
const MORE = 32;
/** The lower half of a number, as `text-writer.ts` takes it apart: four bits and five digits. */
const LOW_BITS = 29;
/** What a number of 53 bits has beside them, and a little more. */
const HIGH_BITS = 25;

export class TextReader {
  private text = '';
  private at = 0;

  /** Begins at a place in a text. */
  reset(text: string, at: number): void {
    this.text = text;
    this.at = at;
  }

  /** A safe integer. Throws RangeError where none stands. */
  number(): number {
    const lowest = this.digit();
    let value = (lowest & 31) >> 1;
    let digit = lowest;
    for (let bits = 4; digit >= MORE && bits < LOW_BITS; bits += 5) {
      digit = this.digit();
      value |= (digit & 31) << bits;
    }
    if (digit >= MORE) {
      let high = 0;
      for (let bits = 0; digit >= MORE && bits < HIGH_BITS; bits += 5) {
        digit = this.digit();
        high |= (digit & 31) << bits;
      }
      value += high * 2 ** LOW_BITS;
      if (digit >= MORE || !Number.isSafeInteger(value)) {
        throw new RangeError(`no safe integer before ${this.at}`);
      }
    }
    return lowest & 1 ? -value : value;
  }

  private digit(): number {
    const digit = unitAt(this.text, this.at) - ZERO;
    // Written so that what is no number, beyond the end, is refused as well.
    if (!(digit >= 0 && digit < 2 * MORE)) throw new RangeError(`no digit at ${this.at}`);
    this.at += 1;
    return digit;
  }

  /** A number from 0 to what the rest of the text can hold. Throws RangeError. */
  count(): number {
    const count = this.number();
    if (count < 0 || count > this.text.length - this.at) throw new RangeError(`${count} of them`);
    return count;
  }

  string(): string {
    const length = this.count();
    this.at += length;
    return this.text.slice(this.at - length, this.at);
  }

  /** Throws RangeError where something is left. */
  end(): void {
    if (this.at !== this.text.length) throw new RangeError(`more stands at ${this.at}`);
  }
}
