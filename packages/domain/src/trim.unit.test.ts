import { describe, expect, it } from 'vitest';
import type { Customer } from './customer.ts';
import { day, liveRules, tell } from './fold-fixtures.ts';
import { keptFrom } from './horizon.ts';
import type { ChangeRecord } from './records.ts';
import { foldAll, item, profile, subscription, testRules } from './report-fixtures.ts';
import { instant } from './scalars.ts';
import { trim } from './trim.ts';

// A record of 31 December 2024 keeps what is effective from 29 November 2023 on.
const rules = liveRules({
  windows: ['P12M'],
  lateness: 'P30D',
  dimensions: [{ name: 'segment', cap: 50 }],
});
const KEPT = '2023-11-29T00:00:00.001Z';

/** Everything that the records say, folded without a horizon. */
const whole = (...records: readonly ChangeRecord[]): Customer =>
  foldAll(testRules(), records)[0] as Customer;
const shown = ({ subscriptions, profiles }: Customer): readonly string[] =>
  [...subscriptions, ...profiles].map(({ chain }) => chain.map(({ from }) => day(from)).join(' '));

const LAST = subscription('a', '2024-12-31', 1, { id: 'last' });

it('the horizon of these tests is where they say', () => {
  expect(day(keptFrom(rules, whole(LAST).knownAt))).toBe(KEPT);
});

describe('what is left of a customer', () => {
  it('begins with the phase that holds just before what is kept', () => {
    const customer = whole(
      subscription('a', '2020-01-01', 10),
      subscription('a', '2021-01-01', 20),
      subscription('a', '2022-01-01', 30),
      subscription('a', '2024-01-01', 40),
      LAST,
    );
    const left = trim(rules, customer);
    expect(shown(left)).toEqual(['2024-12-31', '2022-01-01 2024-01-01']);
    expect(left.steps.arr).toEqual([30, 40, 41]);
    expect(left).toMatchObject({ id: 'a', knownAt: customer.knownAt, announced: [] });
  });

  it('is a phase at the very instant only where one ended before', () => {
    const from = (second: number | string): readonly string[] =>
      shown(
        trim(
          rules,
          whole(subscription('a', '2020-01-01', 10), subscription('a', second, 20), LAST),
        ),
      );
    const kept = Date.parse(KEPT);
    expect(from(kept)).toEqual(['2024-12-31', `2020-01-01 ${KEPT}`]);
    expect(from(kept - 1)).toEqual(['2024-12-31', '2023-11-29']);
  });

  it('is all where nothing is old enough, and the same object where nothing can be', () => {
    const young = whole(subscription('a', '2024-01-01', 10), subscription('a', '2024-02-01', 20));
    expect(trim(rules, young)).toEqual(young);
    expect(trim(rules, young).subscriptions).toBe(young.subscriptions);
    expect(trim(rules, young).steps).toBe(young.steps);
    const single = whole(subscription('a', '2001-01-01', 10), LAST);
    expect(trim(rules, single)).toBe(single);
  });

  it('of one subscription leaves the others alone', () => {
    const customer = whole(
      subscription('a', '2020-01-01', 10, { id: 'x' }),
      subscription('a', '2021-01-01', 0, { id: 'x' }),
      subscription('a', '2022-01-01', 30, { id: 'y' }),
      LAST,
    );
    expect(shown(trim(rules, customer))).toEqual(['2024-12-31', '2021-01-01', '2022-01-01']);
    expect(trim(rules, customer).steps).toEqual({
      at: [Date.parse('2022-01-01'), Date.parse('2024-12-31')],
      arr: [30, 31],
    });
  });
});

describe('the first payment', () => {
  const paid = [subscription('a', '2020-01-01', 10), subscription('a', '2021-01-01', 0)];
  const back = subscription('a', '2024-03-01', 20);

  it('is kept when the steps that told it are dropped', () => {
    const left = trim(rules, whole(...paid, back, LAST));
    expect(left.firstPaidAt).toBe(Date.parse('2020-01-01'));
    expect(left.steps.at[0]).toBe(Date.parse('2024-03-01'));
  });

  it('is not named while its step is kept', () => {
    const free = subscription('a', '2020-01-01', []);
    const later = subscription('a', '2021-01-01', []);
    const left = trim(rules, whole(free, later, subscription('a', Date.parse(KEPT), 20), LAST));
    expect(shown(left)[1]).toBe(`2021-01-01 ${KEPT}`);
    expect(left.firstPaidAt).toBeNull();
    const never = trim(rules, whole(free, subscription('a', '2021-01-01', [])));
    expect(never.firstPaidAt).toBeNull();
  });

  it('stays what it was when more is dropped', () => {
    const customer = { ...whole(...paid, back, LAST), firstPaidAt: instant(123) };
    expect(trim(rules, customer).firstPaidAt).toBe(123);
  });

  it('makes a return a reactivation for ever', () => {
    expect(tell(rules, [...paid, back, LAST]).said[2]).toEqual(['+2024-03-01 reactivation 0>20']);
    const years = [2026, 2027, 2028].map((year) => subscription('a', `${year}-01-01`, year));
    const ended = subscription('a', '2028-06-01', 0);
    const again = subscription('a', '2029-12-01', 7);
    const told = tell(rules, [...paid, ...years, ended, again]);
    expect(told.said.at(-1)).toEqual(['+2029-12-01 reactivation 0>7']);
    expect(told.customer.firstPaidAt).toBe(Date.parse('2020-01-01'));
  });
});

describe('profiles', () => {
  const smb = { segment: 'smb' };
  const mid = { segment: 'mid' };

  it('are dropped like subscriptions, and by themselves', () => {
    const customer = whole(
      profile('a', '2020-01-01', smb),
      profile('a', '2021-01-01', mid),
      profile('a', '2024-01-01', smb),
      subscription('a', '2020-01-01', 10),
    );
    const left = trim(rules, { ...customer, knownAt: whole(LAST).knownAt });
    expect(shown(left)).toEqual(['2020-01-01', '2021-01-01 2024-01-01']);
    expect(left.subscriptions).toBe(customer.subscriptions);
    expect(left.firstPaidAt).toBeNull();
  });

  it('begin where the classification that holds then began to hold', () => {
    const customer = whole(
      profile('a', '2019-01-01', smb),
      profile('a', '2020-01-01', mid),
      profile('a', '2021-01-01', { ...mid, owner: 'Kim' }),
      { ...profile('a', '2018-01-01', {}, 'Acme'), source: 'crm' },
      { ...profile('a', Date.parse(KEPT), {}, 'Acme'), source: 'erp' },
      LAST,
    );
    expect(shown(trim(rules, customer))).toEqual(['2024-12-31', '2020-01-01', '2020-01-01', KEPT]);
  });

  it('are kept as they are where only subscriptions are old', () => {
    const customer = whole(
      subscription('a', '2020-01-01', 10),
      subscription('a', '2021-01-01', [item(20)]),
      profile('a', '2024-06-01', smb),
      LAST,
    );
    const left = trim(rules, customer);
    expect(shown(left)).toEqual(['2024-12-31', '2021-01-01', '2024-06-01']);
    expect(left.profiles).toBe(customer.profiles);
  });
});
