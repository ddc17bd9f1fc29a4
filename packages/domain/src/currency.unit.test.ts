import { describe, expect, it } from 'vitest';
import { currencyExponent } from './currency.ts';

describe('the decimals of a currency', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['AED', 2],
    ['ZWG', 2],
    ['HUF', 2],
    ['FJD', 2],
    ['GIP', 2],
    ['MAD', 2],
    ['PHP', 2],
    ['TMT', 2],
    ['ZAR', 2],
    ['JPY', 0],
    ['BIF', 0],
    ['XPF', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('are those of ISO 4217: %s %i', (code, exponent) => {
    expect(currencyExponent(code)).toBe(exponent);
  });

  // Metals and test codes have no minor unit; the last ones are no codes at all.
  it.each(['XAU', 'XXX', 'XTS', 'ZZZ', 'usd', 'US', '', ' ', 'toString', '__proto__'])(
    'are unknown for "%s"',
    (code) => {
      expect(currencyExponent(code)).toBeUndefined();
    },
  );
});
