/** What one item is worth a year: amount x periods a year / interval_count x rate, rounded once. */

import { currencyExponent } from './currency.ts';
import type { Billing, Interval, Item, SubscriptionStatus } from './records.ts';
import { type Rejection, reject } from './rejection.ts';
import { divideHalfEven, divideSafeHalfEven } from './rounding.ts';
import type { Rules } from './rules.ts';

const PERIODS_A_YEAR: Record<Interval, number> = { day: 365, week: 52, month: 12, year: 1 };

/** Largest amount of an item per interval, minor units of its own currency. */
export const MAX_AMOUNT = 1e12;
/** Largest ARR of an item, minor units of the reporting currency. */
export const MAX_ITEM_ARR = 1e13;
/** Largest quantity of an item; sums of quantities stay safe integers. */
export const MAX_QUANTITY = 1e12;

const want = (path: string, field: string, value: unknown, wanted: string): string =>
  `${path}.${field} ${JSON.stringify(value)}; want ${wanted}`;

/** The item's ARR in minor units of the reporting currency; `path` names it in a rejection. */
export function annualise(rules: Rules, item: Item, path: string): number | Rejection {
  const { amountMinor: amount, quantity, intervalCount: count, currency } = item;
  if (!Number.isSafeInteger(amount) || amount < 0 || amount > MAX_AMOUNT) {
    return reject('bad_number', want(path, 'amount_minor', amount, 'an integer from 0 to 10^12'));
  }
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
    return reject('bad_number', want(path, 'quantity', quantity, 'an integer from 1 to 10^12'));
  }
  if (!Number.isSafeInteger(count) || count < 1) {
    return reject('bad_number', want(path, 'interval_count', count, 'an integer from 1'));
  }
  const exchange = rules.exchanges.get(currency);
  if (exchange === undefined) {
    return currencyExponent(currency) === undefined
      ? reject('unknown_currency', want(path, 'currency', currency, 'a code of ISO 4217'))
      : reject('no_rate', want(path, 'currency', currency, 'a currency with a rate in the policy'));
  }
  const perYear = amount * PERIODS_A_YEAR[item.interval];
  const arr = exchange.same
    ? divideSafeHalfEven(perYear, count)
    : Number(
        divideHalfEven(BigInt(perYear) * exchange.numerator, BigInt(count) * exchange.denominator),
      );
  if (arr > MAX_ITEM_ARR) {
    const what = want(path, 'amount_minor', amount, `an ARR of at most 10^13, not ${arr}`);
    return reject('bad_number', what);
  }
  return arr;
}

/** Whether a subscription in this status counts at all. */
export function statusCounts(rules: Rules, status: SubscriptionStatus): boolean {
  switch (status) {
    case 'active':
      return true;
    case 'past_due':
      return rules.policy.pastDue === 'count';
    case 'paused':
      return rules.policy.paused === 'count';
    case 'trialing':
    case 'ended':
      return false;
  }
}

/** Whether an item billed this way counts. */
export function billingCounts(rules: Rules, billing: Billing): boolean {
  return billing === 'recurring' || (billing === 'usage' && rules.policy.usage === 'include');
}
