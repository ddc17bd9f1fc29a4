import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketing, bucketsFor, CUSTOMERS_PER_BUCKET, customerHash } from './buckets.ts';

test('a new bucket takes customers from one older bucket and moves nobody else', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000_000 }), (hash, buckets) => {
      const before = bucketing(buckets)(hash);
      const after = bucketing(buckets + 1)(hash);
      expect(before).toBeGreaterThanOrEqual(0);
      expect(before).toBeLessThan(buckets);
      if (after !== before) {
        expect(after).toBe(buckets);
        const source = buckets - 2 ** Math.floor(Math.log2(buckets));
        expect(before).toBe(source);
      }
    }),
  );
});

const NAMES: Readonly<Record<string, (at: number) => string>> = {
  'ascending numbers': (at) => String(at),
  'padded numbers': (at) => `cus_${String(at).padStart(14, '0')}`,
  'numbers in steps': (at) => `c${at * 1024}`,
  'numbers at the front': (at) => `${at}-customer-of-the-firm`,
  'hexadecimal ids': (at) => `00000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}`,
  'letters beyond ASCII': (at) => `客户${at}`,
};

test.each(Object.entries(NAMES))('%s fill the buckets evenly', (_, name) => {
  const customers = 100_000;
  const buckets = bucketsFor(customers);
  const bucketOf = bucketing(buckets);
  const sizes = new Array<number>(buckets).fill(0);
  for (let at = 0; at < customers; at += 1) {
    const bucket = bucketOf(customerHash(name(at)));
    sizes[bucket] = (sizes[bucket] ?? 0) + 1;
  }
  // Those that are still to be split hold up to twice the average; chance adds to it.
  expect(Math.max(...sizes)).toBeLessThan(4 * CUSTOMERS_PER_BUCKET);
  expect(Math.min(...sizes)).toBeGreaterThan(0);
});
