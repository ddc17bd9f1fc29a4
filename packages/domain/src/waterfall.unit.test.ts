import { describe, expect, it } from 'vitest';
import { at, foldAll, profile, subscription, testRules } from './report-fixtures.ts';
import { timeZone } from './time-zone.ts';
import { waterfall } from './waterfall.ts';
import { periodsOf } from './waterfall-periods.ts';

const utc = timeZone('UTC');
const starts = (zone: string, from: string, to: string, every: string): string[] =>
  periodsOf(timeZone(zone), at(from), at(to), every).map(({ from }) =>
    new Date(from).toISOString().replace(':00.000Z', 'Z'),
  );

describe('periods', () => {
  it('are counted from the first one, the last one cut', () => {
    const periods = periodsOf(utc, at('2026-01-15T12:00:00Z'), at('2026-03-20'), 'P1M');
    expect(periods).toEqual([
      { from: at('2026-01-15T12:00:00Z'), to: at('2026-02-15T12:00:00Z') },
      { from: at('2026-02-15T12:00:00Z'), to: at('2026-03-15T12:00:00Z') },
      { from: at('2026-03-15T12:00:00Z'), to: at('2026-03-20') },
    ]);
  });

  it('begin on the first of the next month where their day does not exist', () => {
    expect(starts('UTC', '2026-01-31', '2026-06-01', 'P1M')).toEqual([
      '2026-01-31T00:00Z',
      '2026-03-01T00:00Z',
      '2026-03-31T00:00Z',
      '2026-05-01T00:00Z',
      '2026-05-31T00:00Z',
    ]);
  });

  it('follow local midnight over a clock change', () => {
    expect(starts('Europe/Berlin', '2026-03-27T23:00:00Z', '2026-03-30', 'P1D')).toEqual([
      '2026-03-27T23:00Z',
      '2026-03-28T23:00Z',
      '2026-03-29T22:00Z',
    ]);
  });

  it('leave out a day that the time zone skipped', () => {
    // Samoa had no 30 December 2011.
    expect(starts('Pacific/Apia', '2011-12-29T10:00:00Z', '2012-01-01T10:00:00Z', 'P1D')).toEqual([
      '2011-12-29T10:00Z',
      '2011-12-30T10:00Z',
      '2011-12-31T10:00Z',
    ]);
  });

  it.each([
    ['no length', '2026-01-01', '2026-02-01', 'P0M'],
    ['no duration', '2026-01-01', '2026-02-01', '1M'],
    ['nothing between from and to', '2026-02-01', '2026-02-01', 'P1M'],
    ['too many of them', '1970-01-01', '2026-02-01', 'P1D'],
  ])('are refused: %s', (_, from, to, every) => {
    expect(() => periodsOf(utc, at(from), at(to), every)).toThrow('the call is wrong');
  });
});

const rules = testRules();
const rows = (
  records: Parameters<typeof foldAll>[1],
  options: { readonly gross?: boolean; readonly dimension?: string; readonly to?: string } = {},
) =>
  waterfall(rules, foldAll(rules, records), {
    periods: periodsOf(utc, at('2026-01-01'), at(options.to ?? '2026-02-01'), 'P1M'),
    dimension: options.dimension ?? 'all',
    gross: options.gross ?? false,
  });

describe('the waterfall', () => {
  const busy = [
    subscription('a', '2025-06-01', 100),
    subscription('a', '2026-01-05', 150),
    subscription('a', '2026-01-10', 0),
    subscription('a', '2026-01-20', 130),
    subscription('b', '2026-01-02', 40),
    subscription('b', '2026-01-03', 30),
    subscription('c', '2025-01-01', 10),
    subscription('c', '2025-02-01', 0),
    subscription('c', '2026-01-31T23:59:59.999Z', 20),
  ];

  it('nets each customer to one movement at most', () => {
    expect(rows(busy)).toEqual([
      {
        from: at('2026-01-01'),
        to: at('2026-02-01'),
        dimension: 'all',
        member: 'all',
        openingArrMinor: 100,
        newArrMinor: 30,
        reactivationArrMinor: 20,
        expansionArrMinor: 30,
        contractionArrMinor: 0,
        churnedArrMinor: 0,
        closingArrMinor: 180,
        newCustomers: 1,
        reactivatedCustomers: 1,
        expandedCustomers: 1,
        contractedCustomers: 0,
        churnedCustomers: 0,
      },
    ]);
  });

  it('counts every step when gross, a customer once for each kind', () => {
    expect(rows(busy, { gross: true })).toMatchObject([
      {
        openingArrMinor: 100,
        newArrMinor: 40,
        reactivationArrMinor: 150,
        expansionArrMinor: 50,
        contractionArrMinor: 10,
        churnedArrMinor: 150,
        closingArrMinor: 180,
        newCustomers: 1,
        reactivatedCustomers: 2,
        expandedCustomers: 1,
        contractedCustomers: 1,
        churnedCustomers: 1,
      },
    ]);
  });

  it('calls a customer new that came, left and came back within its first period', () => {
    const records = [
      subscription('a', '2026-01-05', 50),
      subscription('a', '2026-01-10', 0),
      subscription('a', '2026-01-20', 70),
    ];
    expect(rows(records)).toMatchObject([{ newArrMinor: 70, reactivationArrMinor: 0 }]);
    expect(rows(records, { gross: true })).toMatchObject([
      { newArrMinor: 50, reactivationArrMinor: 70, churnedArrMinor: 50 },
    ]);
  });

  it('has a row for a period in which nothing happened', () => {
    expect(rows([], { to: '2026-03-01' })).toMatchObject([
      { openingArrMinor: 0, closingArrMinor: 0 },
      { openingArrMinor: 0, closingArrMinor: 0 },
    ]);
  });

  it('counts a customer under its member before the period, or at its end where it had no ARR', () => {
    const records = [
      profile('old', '2025-01-01', { segment: 'smb' }),
      profile('old', '2026-01-15', { segment: 'enterprise' }),
      subscription('old', '2025-06-01', 100),
      subscription('old', '2026-01-15', 300),
      profile('won', '2025-01-01', { segment: 'smb' }),
      profile('won', '2026-01-20', { segment: 'mid' }),
      subscription('won', '2026-01-10', 40),
    ];
    expect(rows(records, { dimension: 'segment' })).toMatchObject([
      { member: 'mid', openingArrMinor: 0, newArrMinor: 40, closingArrMinor: 40 },
      { member: 'smb', openingArrMinor: 100, expansionArrMinor: 200, closingArrMinor: 300 },
    ]);
  });
});
