/**
 * Which policies, and versions of the fold, give the same stored figures. Redis keeps the hash beside
 * a projection, and a processor with another one is refused (`policy_changed`).
 */

import { createHash } from 'node:crypto';
import { FOLD_VERSION } from '@holdfast/domain/fold-version.ts';
import type { Policy } from '@holdfast/domain/policy.ts';

/** The same number always written the same: 01.10 and 1.1. */
const canonicalRate = (rate: string): string => {
  const [whole = '', fraction = ''] = rate.split('.');
  const digits = fraction.replace(/0+$/, '');
  const integer = whole.replace(/^0+(?=\d)/, '');
  return digits === '' ? integer : `${integer}.${digits}`;
};

/** Code-unit order: the same on every machine. */
const ordered = (names: readonly string[]): readonly string[] => [...names].sort();

/** Hashes of the first version, which stand in stores, do not tell it. */
const FIRST_VERSION = 1;

/**
 * SHA-256 (hex) of what changes numbers in a projection. The order of windows and
 * dimensions changes none, nor do caps and named members; the order of sources does.
 */
export const policyHash = (policy: Policy, foldVersion: number = FOLD_VERSION): string => {
  const { reportingCurrency, rates } = policy;
  const settings = {
    dimensions: ordered(policy.dimensions.map(({ name }) => name)),
    lateness: policy.lateness,
    pastDue: policy.pastDue,
    paused: policy.paused,
    rates: ordered(Object.keys(rates))
      .filter((code) => code !== reportingCurrency)
      .map((code) => [code, canonicalRate(rates[code] ?? '')]),
    reportingCurrency,
    sources: policy.sources,
    timeZone: policy.timeZone,
    usage: policy.usage,
    windows: ordered(policy.windows),
    ...(foldVersion === FIRST_VERSION ? {} : { fold: foldVersion }),
  };
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
};
