/**
 * Exact fractions over BigInt, for the reference only. Nothing here ever touches a float except
 * `toNumber`, the very last step of a ratio.
 */

export interface Fraction {
  readonly numerator: bigint;
  /** Always above 0. */
  readonly denominator: bigint;
}

export const fraction = (numerator: bigint, denominator: bigint): Fraction =>
  denominator < 0n
    ? { numerator: -numerator, denominator: -denominator }
    : { numerator, denominator };

export const times = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.numerator, a.denominator * b.denominator);

/** The nearest integer; of two equally near ones the even one. */
export const roundHalfEven = ({ numerator, denominator }: Fraction): bigint => {
  // BigInt division cuts towards zero; `floor` goes down, so 0 <= rest < denominator.
  const cut = numerator / denominator;
  const floor = cut * denominator > numerator ? cut - 1n : cut;
  const rest = numerator - floor * denominator;
  if (rest * 2n < denominator) return floor;
  if (rest * 2n > denominator) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
};

/** "1.10" is 110/100. */
export const parseDecimal = (text: string): Fraction => {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`not a decimal: ${text}`);
  const decimals = match[2] ?? '';
  return fraction(BigInt(`${match[1]}${decimals}`), 10n ** BigInt(decimals.length));
};

/** A sum of money as a number; a sum beyond safe integers is an error, never a rounding. */
export const minor = (amount: bigint): number => {
  const number = Number(amount);
  if (!Number.isSafeInteger(number)) throw new RangeError(`beyond safe integers: ${amount}`);
  return number;
};

/** The ratio as a float: the nearest one where both parts are safe integers, else to 400 decimals. */
export const toNumber = ({ numerator, denominator }: Fraction): number => {
  const [above, below] = [Number(numerator), Number(denominator)];
  if (Number.isSafeInteger(above) && Number.isSafeInteger(below)) return above / below;
  return Number(`${(numerator * 10n ** 400n) / denominator}e-400`);
};
