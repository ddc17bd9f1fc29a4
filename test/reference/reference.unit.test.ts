/**
 * Rules about what holds when, its movements and what is too late, that no worked case reaches,
 * each with an answer found by hand. An item of 100 a year is an ARR of 100 cents.
 */

import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { Item } from '@holdfast/domain/records.ts';
import { describe, expect, test } from 'vitest';
import { movementAmount } from './movements.ts';
import { publishedByCommit } from './published.ts';
import { type Reference, reference } from './reference.ts';
import { arrive, at, change, classified, of, type Sketch } from './sketches.ts';

const kinds = (whole: Reference): (readonly [string, string, number])[] =>
  whole
    .ledger(Number.POSITIVE_INFINITY)
    .map((entry) => [
      new Date(entry.effectiveAt).toISOString().slice(0, 10),
      entry.movement,
      movementAmount(entry),
    ]);

describe('what a subscription is worth', () => {
  test('a phase holds from its own instant, the event before it until a millisecond before', () => {
    const whole = of([{ on: '2026-01-01', arr: 100, later: [['2026-02-01', 60]] }]);
    expect(whole.arr(at('2026-02-01') - 1)).toBe(100);
    expect(whole.arr(at('2026-02-01'))).toBe(60);
    expect(whole.arr(at('2026-01-01') - 1)).toBe(0);
  });

  test('of equal version and recorded_at the first to arrive holds, whatever the other says', () => {
    const whole = of([
      { on: '2026-02-01', arr: 100, version: 1, recorded: '2026-02-01' },
      { on: '2026-01-01', arr: 70, version: 1, recorded: '2026-02-01' },
      { on: '2026-02-01', arr: 100, version: 1, recorded: '2026-02-01' },
    ]);
    expect(kinds(whole)).toEqual([['2026-02-01', 'new', 100]]);
    expect(whole.counts).toEqual({ tooLate: 0, duplicates: 1, versionTies: 1 });
  });

  test('of equal version the later recorded one holds, in whatever order they come', () => {
    const one = { on: '2026-01-01', arr: 100, version: 1, recorded: '2026-01-01' };
    const two = { on: '2026-01-01', arr: 70, version: 1, recorded: '2026-01-02' };
    expect(of([one, two]).arr(at('2026-01-01'))).toBe(70);
    expect(of([two, one]).arr(at('2026-01-01'))).toBe(70);
  });

  test('a lower version with a later effective_at never holds', () => {
    const whole = of([
      { on: '2026-01-01', arr: 100, version: 5 },
      { on: '2026-02-01', arr: 70, version: 4 },
    ]);
    expect(whole.arr(at('2026-03-01'))).toBe(100);
  });
});

test('usage counts where the policy includes it, a one-time charge never', () => {
  const billed = (billing: Item['billing'], usage: Policy['usage']) => {
    const event = change({ on: '2026-01-01', arr: 100 }, 0);
    if (event.type !== 'subscription_changed') throw new Error('no subscription');
    const items = event.items.map((item) => ({ ...item, billing }));
    const policy = { ...DEFAULT_POLICY, usage };
    return reference(arrive([{ ...event, items }]), policy).arr(at('2026-02-01'));
  };
  expect([billed('usage', 'exclude'), billed('usage', 'include')]).toEqual([0, 100]);
  expect([billed('one_time', 'exclude'), billed('one_time', 'include')]).toEqual([0, 0]);
});

describe('movements', () => {
  test('a customer that is back is a reactivation, and drivers say return', () => {
    const whole = of([
      { on: '2026-01-01', arr: 100 },
      { on: '2026-02-01', arr: 0 },
      { on: '2026-03-01', arr: 80 },
    ]);
    expect(kinds(whole)).toEqual([
      ['2026-01-01', 'new', 100],
      ['2026-02-01', 'churn', -100],
      ['2026-03-01', 'reactivation', 80],
    ]);
    expect(whole.movements('a').map(({ drivers }) => drivers[0]?.driver)).toEqual([
      'new_product',
      'cancellation',
      'return',
    ]);
  });

  test('the quantity part is rounded half to even, the price takes the rest', () => {
    // 5 for 2 seats; 3 seats: 5 x 1/2 = 2.5, to even 2; 10 - 5 - 2 = 3 of price.
    const whole = of([
      { on: '2026-01-01', products: [['core', 2, 5]] },
      { on: '2026-02-01', products: [['core', 3, 10]] },
    ]);
    expect(whole.movements('a')[1]?.drivers).toEqual([
      { driver: 'upsell', productId: 'core', amountMinor: 2 },
      { driver: 'price_increase', productId: 'core', amountMinor: 3 },
    ]);
  });

  test('a product held for nothing is held: paying for it is a price increase', () => {
    const whole = of([
      {
        on: '2026-01-01',
        products: [
          ['core', 1, 5],
          ['free', 1, 0],
        ],
      },
      {
        on: '2026-02-01',
        products: [
          ['core', 1, 5],
          ['free', 1, 9],
        ],
      },
    ]);
    expect(whole.movements('a')[1]?.drivers).toEqual([
      { driver: 'price_increase', productId: 'free', amountMinor: 9 },
    ]);
  });

  test('one product for another of the same ARR is no movement', () => {
    const whole = of([
      { on: '2026-01-01', products: [['core', 1, 5]] },
      { on: '2026-02-01', products: [['plus', 1, 5]] },
    ]);
    expect(kinds(whole)).toEqual([['2026-01-01', 'new', 5]]);
  });
});

describe('attributes', () => {
  const policy = { ...DEFAULT_POLICY, sources: ['crm'] };
  const whole = reference(
    arrive([
      change({ on: '2026-01-01', arr: 1 }, 0),
      classified({ source: '', on: '2026-01-01', attributes: { segment: 'smb', plan: 'gold' } }),
      classified({ source: 'a', on: '2026-01-01', attributes: { plan: 'blue', owner: 'kim' } }),
      classified({ source: 'crm', on: '2026-02-01', attributes: { segment: 'big', empty: '' } }),
    ]),
    policy,
  );

  test('are united; on a clash the listed source wins, then the first by name', () => {
    expect(whole.attributesOf('a', at('2026-03-01'))).toEqual({
      segment: 'big',
      empty: '',
      plan: 'gold',
      owner: 'kim',
    });
    expect(whole.nameOf('a', at('2026-03-01'))).toBe('as crm says');
  });

  test('of the first record hold before it too, and an empty or missing one is unknown', () => {
    expect(whole.memberOf('a', 'segment', at('2020-01-01'))).toBe('big');
    expect(whole.memberOf('a', 'empty', at('2026-03-01'))).toBe('unknown');
    expect(whole.memberOf('a', 'toString', at('2026-03-01'))).toBe('unknown');
  });
});

describe('too late', () => {
  const policy = { windows: ['P1M'], lateness: 'P10D' };
  // Known up to 11 June: a month and ten days back is 1 May (and a millisecond).
  const sketches: Sketch[] = [
    { on: '2026-06-11', arr: 100, customer: 'a', subscription: 'x' },
    { on: '2026-04-01', arr: 40, recorded: '2026-06-01', later: [['2026-04-20', 30]] },
  ];

  test('an event from before the edge is applied at the edge, as it stands there', () => {
    const whole = of(sketches, policy);
    const edge = at('2026-05-01') + 1;
    expect(whole.counts.tooLate).toBe(1);
    expect(whole.arr(edge - 1)).toBe(0);
    expect(whole.arr(edge)).toBe(30);
  });

  test('with everything kept it is applied where it says', () => {
    const whole = of(sketches, policy, { keepEverything: true });
    expect(whole.counts.tooLate).toBe(0);
    expect(whole.arr(at('2026-04-01'))).toBe(40);
  });

  test('a record at the edge is not too late', () => {
    const whole = of([{ on: '2026-05-01T00:00:00.001Z', arr: 40, recorded: '2026-06-11' }], policy);
    expect(whole.counts.tooLate).toBe(0);
  });
});

test('a movement of the future is published when its time comes, as known from its record', () => {
  const [first, second] = [
    { on: '2026-01-01', arr: 100, later: [['2026-03-01', 60]] as const },
    { on: '2026-01-15', arr: 120, later: [['2026-03-01', 70]] as const },
  ].map(change);
  const commits = [
    { asOf: at('2026-01-01'), records: arrive([first!]) },
    { asOf: at('2026-01-15'), records: [{ record: second!, offset: 1 }] },
    { asOf: at('2026-03-01') - 1, records: [] },
    { asOf: at('2026-03-02'), records: [] },
  ];
  const told = publishedByCommit(commits, DEFAULT_POLICY, false).map((deltas) =>
    deltas.map((delta) => [delta.op, delta.amountMinor, delta.knownAt, delta.cause.offset]),
  );
  expect(told).toEqual([
    [['assert', 100, at('2026-01-01'), 0]],
    [['assert', 20, at('2026-01-15'), 1]],
    [],
    [['assert', -50, at('2026-01-15'), 1]],
  ]);
});
