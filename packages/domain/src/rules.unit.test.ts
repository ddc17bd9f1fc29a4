import { describe, expect, it } from 'vitest';
import { isHoldfastError } from './errors.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import { at } from './report-fixtures.ts';
import { compileRules, momentAt } from './rules.ts';

const compile = (policy: Partial<Policy> = {}) => compileRules({ ...DEFAULT_POLICY, ...policy });

describe('compiled rules', () => {
  it('are those of the policy, in its order', () => {
    const policy = {
      ...DEFAULT_POLICY,
      reportingCurrency: 'JPY',
      timeZone: 'Asia/Tokyo',
      windows: ['P3M', 'P1M'],
      dimensions: [
        { name: 'segment', cap: 5 },
        { name: 'area', cap: 5 },
      ],
      lateness: 'P30D',
    };
    const rules = compileRules(policy);
    expect(rules.policy).toBe(policy);
    expect(rules.zone.name).toBe('Asia/Tokyo');
    expect(rules.windows.map(({ name }) => name)).toEqual(['P3M', 'P1M']);
    expect(rules.dimensions).toEqual(['segment', 'area']);
    expect(rules.exponent).toBe(0);
    expect(rules.lateness?.name).toBe('P30D');
  });

  it('have no horizon where everything is kept, and one where not', () => {
    expect(compileRules(DEFAULT_POLICY, { keepAll: true }).lateness).toBeNull();
    expect(compileRules(DEFAULT_POLICY, { keepAll: false }).lateness?.name).toBe('P90D');
  });

  it('take a lateness of no length', () => {
    expect(compile({ lateness: 'P0D' }).lateness?.startFor(77)).toBe(77);
  });

  it('read rates as exact fractions of minor units', () => {
    const { exchanges } = compile({
      rates: { EUR: '1.10', JPY: '0.0066', KWD: '3', CLF: '000012.5' },
    });
    expect(Object.fromEntries(exchanges)).toEqual({
      USD: { numerator: 1n, denominator: 1n, same: true },
      EUR: { numerator: 11_000n, denominator: 10_000n, same: false },
      JPY: { numerator: 6_600n, denominator: 10_000n, same: false },
      KWD: { numerator: 300n, denominator: 1000n, same: false },
      CLF: { numerator: 12_500n, denominator: 100_000n, same: false },
    });
  });

  it('take the reporting currency at one whatever its rate is said to be', () => {
    expect(compile({ rates: { USD: '2' } }).exchanges.get('USD')?.numerator).toBe(1n);
  });
});

describe('a policy is refused', () => {
  it.each<[string, Partial<Policy>]>([
    ['reporting_currency "ZZZ"', { reportingCurrency: 'ZZZ' }],
    ['time_zone "Mars/Base"; want a time zone of the IANA database', { timeZone: 'Mars/Base' }],
    ['window "P1H"; want PnD, PnW, PnM or PnY', { windows: ['P1M', 'P1H'] }],
    ['lateness "90D"; want PnD, PnW, PnM or PnY', { lateness: '90D' }],
    ['rates.ZZZ "1"; want a decimal like "1.10"', { rates: { ZZZ: '1' } }],
    ...[
      '',
      '-1',
      '1.',
      '.5',
      '1,1',
      '1e3',
      ' 1',
      '1 ',
      '1234567890123456',
      '0.1234567890123456',
    ].map((rate): [string, Partial<Policy>] => [
      `rates.EUR "${rate}"; want a decimal like "1.10"`,
      { rates: { EUR: rate } },
    ]),
  ])('with config_invalid: %s', (message, policy) => {
    let thrown: unknown;
    try {
      compile(policy);
    } catch (error) {
      thrown = error;
    }
    expect(isHoldfastError(thrown, 'config_invalid')).toBe(true);
    expect(String(thrown)).toContain(message);
  });

  it.each(['123456789012345.123456789012345', '0', '1'])('not for the rate %s', (rate) => {
    expect(compile({ rates: { EUR: rate } }).exchanges.has('EUR')).toBe(true);
  });
});

describe('a moment', () => {
  it('has the start of each window that ends with its as-of', () => {
    const asOf = at('2026-04-01') - 1;
    expect(momentAt(compile(), asOf)).toEqual({
      asOf,
      starts: [at('2026-03-01'), at('2026-01-01'), at('2025-04-01')],
    });
    expect(momentAt(compile(), asOf + 1).starts[0]).toBe(at('2026-03-01') + 1);
  });
});
