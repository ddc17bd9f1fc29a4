import { describe, expect, it } from 'vitest';
import { annualise, billingCounts, statusCounts } from './annualise.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import type { Item } from './records.ts';
import { item } from './report-fixtures.ts';
import { compileRules } from './rules.ts';

const rulesOf = (policy: Partial<Policy>) => compileRules({ ...DEFAULT_POLICY, ...policy });
const rules = rulesOf({ rates: { EUR: '1.10', JPY: '0.0066', KWD: '3.25' } });
const worth = (fields: Partial<Item>, by = rules) =>
  annualise(by, { ...item(100), ...fields }, 'items[0]');

describe('the ARR of an item', () => {
  it.each([
    ['day', 1, 36_500],
    ['week', 1, 5200],
    ['month', 1, 1200],
    ['year', 1, 100],
    ['month', 3, 400],
    ['year', 3, 33],
    ['day', 7, 5214],
    ['month', 7, 171],
  ] as const)('of 1.00 each %s, %i of them a charge, is %i', (interval, intervalCount, arr) => {
    expect(worth({ interval, intervalCount })).toBe(arr);
  });

  it('is rounded once, half to even', () => {
    expect(worth({ amountMinor: 5, intervalCount: 2 })).toBe(2);
    expect(worth({ amountMinor: 7, intervalCount: 2 })).toBe(4);
    // 0.01 a week at 1.10, charged every eight weeks: 7.15 cents, not seven of a rounded cent.
    expect(worth({ amountMinor: 1, currency: 'EUR', interval: 'week', intervalCount: 8 })).toBe(7);
  });

  it('is converted at the rate of the policy, from minor units to minor units', () => {
    expect(worth({ currency: 'EUR' })).toBe(110);
    expect(worth({ currency: 'JPY', amountMinor: 10_000 })).toBe(6600);
    expect(worth({ currency: 'KWD', amountMinor: 1000 })).toBe(325);
    const yen = rulesOf({ reportingCurrency: 'JPY', rates: { USD: '150.005' } });
    expect(worth({ amountMinor: 100 }, yen)).toBe(150);
    expect(worth({ amountMinor: 10_000 }, yen)).toBe(15_000);
    expect(worth({ amountMinor: 30_000 }, yen)).toBe(45_002);
  });

  it('takes the quantity for what it is: all of it is in the amount', () => {
    expect(worth({ quantity: 12 })).toBe(100);
  });

  it('may be nothing, and up to 10^13 of the reporting currency', () => {
    expect(worth({ amountMinor: 0 })).toBe(0);
    expect(worth({ amountMinor: 1e12 })).toBe(1e12);
    expect(worth({ amountMinor: 833_333_333_333, interval: 'month' })).toBe(9_999_999_999_996);
    const dear = rulesOf({ rates: { EUR: '10' } });
    expect(worth({ amountMinor: 1e12, currency: 'EUR' }, dear)).toBe(1e13);
  });
});

describe('an item that cannot be valued is refused', () => {
  it.each([
    [{ amountMinor: -1 }, 'amount_minor -1; want an integer from 0 to 10^12'],
    [{ amountMinor: 1e12 + 1 }, 'amount_minor 1000000000001; want an integer from 0 to 10^12'],
    [{ amountMinor: 0.5 }, 'amount_minor 0.5; want an integer from 0 to 10^12'],
    [{ quantity: 0 }, 'quantity 0; want an integer from 1 to 10^12'],
    [{ quantity: 1.5 }, 'quantity 1.5; want an integer from 1 to 10^12'],
    [{ quantity: 1e12 + 1 }, 'quantity 1000000000001; want an integer from 1 to 10^12'],
    [{ intervalCount: 0 }, 'interval_count 0; want an integer from 1'],
    [{ intervalCount: 1.5 }, 'interval_count 1.5; want an integer from 1'],
    [
      { amountMinor: 833_333_333_334, interval: 'month' as const },
      'amount_minor 833333333334; want an ARR of at most 10^13, not 10000000000008',
    ],
    [
      { amountMinor: 1e12, interval: 'day' as const, currency: 'EUR' },
      'amount_minor 1000000000000; want an ARR of at most 10^13, not 401500000000000',
    ],
  ])('as bad_number: %o', (fields, message) => {
    expect(worth(fields)).toEqual({ rejected: 'bad_number', message: `items[0].${message}` });
  });

  it('as unknown_currency where ISO 4217 has no such code', () => {
    expect(worth({ currency: 'usd' })).toEqual({
      rejected: 'unknown_currency',
      message: 'items[0].currency "usd"; want a code of ISO 4217',
    });
  });

  it('as no_rate where the policy has none', () => {
    expect(worth({ currency: 'CHF' })).toEqual({
      rejected: 'no_rate',
      message: 'items[0].currency "CHF"; want a currency with a rate in the policy',
    });
  });

  it('at the limits not yet', () => {
    expect(worth({ quantity: 1e12, intervalCount: 2_147_483_647 })).toBe(0);
  });
});

describe('what counts', () => {
  it.each([
    ['active', true, true],
    ['past_due', true, false],
    ['paused', false, true],
    ['trialing', false, false],
    ['ended', false, false],
  ] as const)('is decided by the status and the policy: %s', (status, byDefault, otherwise) => {
    expect(statusCounts(rules, status)).toBe(byDefault);
    const other = rulesOf({ pastDue: 'exclude', paused: 'count' });
    expect(statusCounts(other, status)).toBe(otherwise);
  });

  it('is what recurs, usage where the policy says so, and never what is charged once', () => {
    const billed = (policy: Partial<Policy>) =>
      (['recurring', 'usage', 'one_time'] as const).filter((billing) =>
        billingCounts(rulesOf(policy), billing),
      );
    expect(billed({})).toEqual(['recurring']);
    expect(billed({ usage: 'include' })).toEqual(['recurring', 'usage']);
  });
});
