/** Exact division of integers, rounded once, half to even. No float rounds money here. */

/** `numerator / denominator` for a positive denominator. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  let quotient = numerator / denominator;
  let remainder = numerator % denominator;
  if (remainder < 0n) {
    quotient -= 1n;
    remainder += denominator;
  }
  const twice = remainder * 2n;
  if (twice > denominator || (twice === denominator && (quotient & 1n) === 1n)) quotient += 1n;
  return quotient;
}

/** The same for safe integers whose doubled remainder is safe, too; without big integers. */
export function divideSafeHalfEven(numerator: number, denominator: number): number {
  const remainder = ((numerator % denominator) + denominator) % denominator;
  const quotient = (numerator - remainder) / denominator;
  const twice = remainder * 2;
  const up = twice > denominator || (twice === denominator && quotient % 2 !== 0);
  return up ? quotient + 1 : quotient;
}

/** `factor x numerator / denominator`, exact whatever the size of the product. */
export function scaleHalfEven(factor: number, numerator: number, denominator: number): number {
  const product = factor * numerator;
  if (Number.isSafeInteger(product)) return divideSafeHalfEven(product, denominator);
  return Number(divideHalfEven(BigInt(factor) * BigInt(numerator), BigInt(denominator)));
}
