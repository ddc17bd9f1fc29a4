import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import { describe, expect, it } from 'vitest';
import { policyHash } from './policy-hash.ts';

const policy: Policy = {
  ...DEFAULT_POLICY,
  rates: { EUR: '1.10', JPY: '0.0066' },
  dimensions: [
    { name: 'segment', cap: 50 },
    { name: 'owner', cap: 50 },
  ],
  sources: ['crm', 'billing'],
};

describe('the hash of a policy', () => {
  it('stays the same for ever, for it stands in stores', () => {
    expect(policyHash(DEFAULT_POLICY, 1)).toBe(
      '733bfe60be38c2026ff5a37ffea80b0c2b1dd5f99b6781a06db0a081c5939708',
    );
  });

  it.each<[string, Partial<Policy>]>([
    [
      'caps and named members',
      {
        dimensions: [
          { name: 'segment', cap: 7, members: ['smb'] },
          { name: 'owner', cap: 1 },
        ],
      },
    ],
    ['the order of dimensions', { dimensions: [...policy.dimensions].reverse() }],
    ['the order of windows', { windows: ['P12M', 'P1M', 'P3M'] }],
    ['the order and the spelling of rates', { rates: { JPY: '00.00660', EUR: '1.1' } }],
    ['a rate of 1 for the reporting currency', { rates: { ...policy.rates, USD: '1' } }],
  ])('is not changed by %s', (_, change) => {
    expect(policyHash({ ...policy, ...change })).toBe(policyHash(policy));
  });

  it.each<[string, Partial<Policy>]>([
    ['the reporting currency', { reportingCurrency: 'GBP' }],
    ['a rate', { rates: { ...policy.rates, EUR: '1.101' } }],
    ['one more rate', { rates: { ...policy.rates, GBP: '1.3' } }],
    ['the time zone', { timeZone: 'Europe/Berlin' }],
    ['a window', { windows: ['P1M', 'P3M'] }],
    ['a dimension', { dimensions: [{ name: 'segment', cap: 50 }] }],
    ['past_due', { pastDue: 'exclude' }],
    ['paused', { paused: 'count' }],
    ['usage', { usage: 'include' }],
    ['lateness', { lateness: 'P0D' }],
    ['the ranking of sources', { sources: ['billing', 'crm'] }],
  ])('is changed by %s', (_, change) => {
    expect(policyHash({ ...policy, ...change })).not.toBe(policyHash(policy));
  });

  it('is changed by another version of the fold', () => {
    const hashes = [1, 2, 3].map((version) => policyHash(DEFAULT_POLICY, version));
    expect(new Set(hashes).size).toBe(3);
  });
});
