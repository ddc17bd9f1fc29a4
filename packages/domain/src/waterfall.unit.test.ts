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
    ['2026-01-01', '2026-02-01', 'P0M', 'every "P0M"; want PnD, PnW, PnM or PnY, n above 0'],
    ['2026-01-01', '2026-02-01', '1M', 'every "1M"; want PnD, PnW, PnM or PnY, n above 0'],
    ['2026-02-01', '2026-02-01', 'P1M', 'from is not before to; want an earlier from'],
    ['1970-01-01', '2026-02-01', 'P1D', 'more than 10000 periods; want a longer every'],
  ])('from %s to %s by %s are refused: %s', (from, to, every, message) => {
    const call = () => periodsOf(utc, at(from), at(to), every);
    expect(call).toThrow(`the call is wrong: ${message}`);
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

  it('holds no movement of who stands at the end where it stood before', () => {
    const records = [
      subscription('same', '2025-06-01', 100),
      subscription('dipped', '2025-06-01', 10),
      subscription('dipped', '2026-01-05', 5),
      subscription('dipped', '2026-01-06', 10),
      subscription('passing', '2026-01-05', 50),
      subscription('passing', '2026-01-10', 0),
    ];
    expect(rows(records)).toMatchObject([
      {
        openingArrMinor: 110,
        closingArrMinor: 110,
        newCustomers: 0,
        reactivatedCustomers: 0,
        expandedCustomers: 0,
        contractedCustomers: 0,
        churnedCustomers: 0,
      },
    ]);
  });

  it('has no row for a member whose customers had no ARR in the period', () => {
    const records = [
      profile('left', '2025-01-01', { segment: 'smb' }),
      subscription('left', '2025-06-01', 100),
      subscription('left', '2025-12-01', 0),
      profile('later', '2025-01-01', { segment: 'mid' }),
      subscription('later', '2026-02-01', 100),
    ];
    expect(rows(records, { dimension: 'segment' })).toEqual([]);
  });

  it('has a row for a member that came and left inside the period only where every step counts', () => {
    const records = [
      profile('passing', '2025-01-01', { segment: 'smb' }),
      subscription('passing', '2026-01-05', 50),
      subscription('passing', '2026-01-10', 0),
    ];
    expect(rows(records, { dimension: 'segment' })).toEqual([]);
    expect(rows(records, { dimension: 'segment', gross: true })).toMatchObject([
      { member: 'smb', newArrMinor: 50, churnedArrMinor: 50, newCustomers: 1, churnedCustomers: 1 },
    ]);
  });

  it('takes a change at the first instant of a period for one inside it, and one at its end not', () => {
    const records = [
      subscription('a', '2026-01-01', 40),
      profile('b', '2025-01-01', { segment: 'smb' }),
      profile('b', '2026-01-01', { segment: 'mid' }),
      subscription('b', '2025-06-01', 100),
      profile('c', '2025-01-01', { segment: 'big' }),
      profile('c', '2026-02-01', { segment: 'huge' }),
      subscription('c', '2026-01-10', 7),
      subscription('c', '2026-02-01', 9),
    ];
    expect(rows(records, { dimension: 'segment' })).toMatchObject([
      { member: 'big', newArrMinor: 7, closingArrMinor: 7 },
      { member: 'smb', openingArrMinor: 100 },
      { member: 'unknown', openingArrMinor: 0, newArrMinor: 40 },
    ]);
  });

  it('stops with an error that names the member where a sum is no safe integer any more', () => {
    const euros = testRules({ reportingCurrency: 'EUR', rates: { USD: '10' } });
    const records = Array.from({ length: 1001 }, (_, index) =>
      subscription(`c${index}`, '2025-01-01', 1e12),
    );
    const call = () =>
      waterfall(euros, foldAll(euros, records), {
        periods: periodsOf(utc, at('2026-01-01'), at('2026-02-01'), 'P1M'),
        dimension: 'segment',
        gross: false,
      });
    expect(call).toThrow('a sum of ARR is beyond safe integers: segment unknown 10010000000000000');
  });
});
