/**
 * What one item is worth a year, in minor units of the reporting currency, and whether it counts.
 * The reference's own reading of SEMANTICS, "A subscription's ARR".
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import type { Billing, Interval, Item, SubscriptionStatus } from '@holdfast/domain/records.ts';
import { type Fraction, fraction, parseDecimal, roundHalfEven, times } from './fraction.ts';

const PERIODS_A_YEAR: Readonly<Record<Interval, bigint>> = {
  day: 365n,
  week: 52n,
  month: 12n,
  year: 1n,
};

/**
 * ISO 4217 exponents of the currencies that streams and cases use. UGX, IQD, HUF, CLF and UYW stand
 * here because tables made for display (CLDR) differ from ISO on some of them.
 */
export const EXPONENTS: Readonly<Record<string, number>> = {
  USD: 2,
  EUR: 2,
  GBP: 2,
  HUF: 2,
  JPY: 0,
  KRW: 0,
  UGX: 0,
  KWD: 3,
  TND: 3,
  IQD: 3,
  CLF: 4,
  UYW: 4,
};

const exponent = (currency: string): number => {
  const digits = EXPONENTS[currency];
  if (digits === undefined) throw new RangeError(`the reference does not know ${currency}`);
  return digits;
};

/** Minor units of the reporting currency for one minor unit of the currency. */
const minorRate = (currency: string, policy: Policy): Fraction => {
  const rate = currency === policy.reportingCurrency ? '1' : policy.rates[currency];
  if (rate === undefined) throw new RangeError(`no rate for ${currency}`);
  return times(
    parseDecimal(rate),
    fraction(10n ** BigInt(exponent(policy.reportingCurrency)), 10n ** BigInt(exponent(currency))),
  );
};

/** One item's ARR, exact until the single rounding. */
export const itemArr = (item: Item, policy: Policy): bigint =>
  roundHalfEven(
    times(
      fraction(
        BigInt(item.amountMinor) * PERIODS_A_YEAR[item.interval],
        BigInt(item.intervalCount),
      ),
      minorRate(item.currency, policy),
    ),
  );

export const billingCounts = (billing: Billing, policy: Policy): boolean => {
  if (billing === 'recurring') return true;
  // A one-time charge is "left out" like usage, but `usage: include` names usage only.
  return billing === 'usage' && policy.usage === 'include';
};

export const statusCounts = (status: SubscriptionStatus, policy: Policy): boolean => {
  switch (status) {
    case 'active':
      return true;
    case 'past_due':
      return policy.pastDue === 'count';
    case 'paused':
      return policy.paused === 'count';
    case 'trialing':
    case 'ended':
      return false;
  }
};
