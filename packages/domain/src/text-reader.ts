/**
 * Reads what `customer-state.ts` writes: whole numbers, each ended by one character, and texts
 * behind their length in UTF-16 units. Character by character, since a general parser and the
 * arrays that it leaves behind take four times as long.
 */

const ZERO = 48;
const MINUS = 45;

export class TextReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** A safe integer. Throws RangeError where none stands. */
  number(): number {
    const { text } = this;
    const isNegative = text.charCodeAt(this.at) === MINUS;
    const start = isNegative ? this.at + 1 : this.at;
    let at = start;
    let value = 0;
    for (;;) {
      const digit = text.charCodeAt(at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      at += 1;
    }
    // The end of the text is no end of a number: something was cut off.
    if (at === start || at === text.length || !Number.isSafeInteger(value)) {
      throw new RangeError(`no whole number at ${this.at}`);
    }
    this.at = at + 1;
    return isNegative ? -value : value;
  }

  /** A number from 0 to what the rest of the text can hold. Throws RangeError. */
  count(): number {
    const count = this.number();
    if (count < 0 || count > this.text.length) throw new RangeError(`${count} of something`);
    return count;
  }

  string(): string {
    const length = this.count();
    const end = this.at + length;
    if (end >= this.text.length) throw new RangeError(`a text ends at ${end}`);
    const found = this.text.slice(this.at, end);
    this.at = end + 1;
    return found;
  }

  /** Throws RangeError where something is left. */
  end(): void {
    if (this.at !== this.text.length) throw new RangeError(`more stands at ${this.at}`);
  }
}
