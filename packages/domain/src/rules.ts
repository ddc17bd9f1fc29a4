/** A policy made ready for the fold: windows with their calendars, exchange factors, dimensions. */

import { currencyExponent } from './currency.ts';
import { type CalendarDuration, parseDuration } from './duration.ts';
import { HoldfastError } from './errors.ts';
import type { Policy } from './policy.ts';
import { isTimeZone, type TimeZone, timeZone } from './time-zone.ts';
import { makeWindow, type Window, windowOf } from './window.ts';

/** Reporting minor units for one minor unit of a currency, as an exact fraction. */
export interface Exchange {
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** True for the reporting currency itself. */
  readonly same: boolean;
}

export interface Rules {
  readonly policy: Policy;
  readonly zone: TimeZone;
  /** In the order of the policy. */
  readonly windows: readonly Window[];
  /** Names of the policy's dimensions, in its order, without `all`. */
  readonly dimensions: readonly string[];
  readonly exchanges: ReadonlyMap<string, Exchange>;
  /** Decimals of the reporting currency. */
  readonly exponent: number;
  /** How late a record may be; null: everything is kept. */
  readonly lateness: Window | null;
}

const RATE = /^(\d{1,15})(?:\.(\d{1,15}))?$/;

const pow10 = (exponent: number): bigint => 10n ** BigInt(exponent);

function exchange(code: string, rate: string, reportingExponent: number): Exchange {
  const exponent = currencyExponent(code);
  const match = RATE.exec(rate);
  if (exponent === undefined || match === null) {
    throw new HoldfastError(
      'config_invalid',
      `rates.${code} "${rate}"; want a decimal like "1.10"`,
    );
  }
  const fraction = match[2] ?? '';
  return {
    numerator: BigInt(`${match[1]}${fraction}`) * pow10(reportingExponent),
    denominator: pow10(fraction.length) * pow10(exponent),
    same: false,
  };
}

const duration = (text: string, field: string): CalendarDuration => {
  const parsed = parseDuration(text);
  if (parsed !== undefined) return parsed;
  throw new HoldfastError('config_invalid', `${field} "${text}"; want PnD, PnW, PnM or PnY`);
};

/**
 * Compiles a policy. `keepAll` turns the horizon off: the command line and the backfill keep
 * every step. Throws `config_invalid`.
 */
export function compileRules(policy: Policy, options: { readonly keepAll?: boolean } = {}): Rules {
  if (!isTimeZone(policy.timeZone)) {
    const want = 'a time zone of the IANA database, such as "Europe/Berlin"';
    throw new HoldfastError('config_invalid', `time_zone "${policy.timeZone}"; want ${want}`);
  }
  const zone = timeZone(policy.timeZone);
  const exponent = currencyExponent(policy.reportingCurrency);
  if (exponent === undefined) {
    throw new HoldfastError('config_invalid', `reporting_currency "${policy.reportingCurrency}"`);
  }
  const exchanges = new Map(
    Object.entries(policy.rates).map(([code, rate]) => [code, exchange(code, rate, exponent)]),
  );
  exchanges.set(policy.reportingCurrency, { numerator: 1n, denominator: 1n, same: true });
  const { lateness } = policy;
  return {
    policy,
    zone,
    windows: policy.windows.map((name) => windowOf(name, zone)),
    dimensions: policy.dimensions.map((dimension) => dimension.name),
    exchanges,
    exponent,
    lateness: options.keepAll ? null : makeWindow(lateness, duration(lateness, 'lateness'), zone),
  };
}

/** An as-of with everything about it that is the same for all customers. */
export interface Moment {
  readonly asOf: number;
  /** Start of each window that ends at `asOf`, in the order of `Rules.windows`. */
  readonly starts: readonly number[];
}

/** Windows are [start, asOf + 1 ms): what happens at `asOf` is in them. */
export const momentAt = (rules: Rules, asOf: number): Moment => ({
  asOf,
  starts: rules.windows.map((window) => window.startFor(asOf + 1)),
});
