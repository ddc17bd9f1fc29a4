/** Figures and dates as a terminal shows them: plain ASCII, + on gains, a dash where there is none. */

import { civilDate } from '@holdfast/domain/civil-date.ts';
import type { TimeZone } from '@holdfast/domain/time-zone.ts';

/** Writes minor units of one currency. */
export interface MoneyFormat {
  plain(minor: number | null): string;
  /** With + on gains and - on losses. */
  signed(minor: number | null): string;
}

export const NONE = '-';

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/**
 * All amounts of one table with the currency's decimals, or all without where none has a fraction:
 * so they line up, and add up as they stand.
 */
export function moneyFormat(exponent: number, amounts: readonly (number | null)[]): MoneyFormat {
  const unit = 10 ** exponent;
  const whole = amounts.every((amount) => (amount ?? 0) % unit === 0);
  const plain = (minor: number | null): string => {
    if (minor === null) return NONE;
    const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
    const units = grouped(digits.slice(0, digits.length - exponent));
    const fraction = whole ? '' : `.${digits.slice(digits.length - exponent)}`;
    return `${minor < 0 ? '-' : ''}${units}${fraction}`;
  };
  return {
    plain,
    signed: (minor) => (minor !== null && minor > 0 ? `+${plain(minor)}` : plain(minor)),
  };
}

export const count = (value: number | null): string =>
  value === null ? NONE : grouped(String(value));

export const percent = (ratio: number | null): string =>
  ratio === null ? NONE : `${(ratio * 100).toFixed(1)}%`;

/** Percentage points of a whole, signed. */
export function points(part: number, whole: number): string {
  if (whole === 0) return NONE;
  const text = ((part / whole) * 100).toFixed(1);
  if (Number(text) === 0) return '0.0';
  return part > 0 ? `+${text}` : text;
}

export const isoInstant = (at: number): string => new Date(at).toISOString();

export function isoDate(day: number): string {
  const { year, month, day: date } = civilDate(day);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

/** The date where the instant is the last of a local day, else the instant. */
export function untilDay(zone: TimeZone, at: number): string {
  const { day, end } = zone.dayAt(at);
  return at === end - 1 ? isoDate(day) : isoInstant(at);
}
