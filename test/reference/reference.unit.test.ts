/**
 * Rules of SEMANTICS that no worked case reaches, each with an answer found by hand. ARR is told in
 * cents a year: an item of 100 a year is an ARR of 100.
 */

import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord, CustomerChanged, Item } from '@holdfast/domain/records.ts';
import { customerId, instant } from '@holdfast/domain/scalars.ts';
import { describe, expect, test } from 'vitest';
import type { ArrivedRecord } from './customer.ts';
import { movementAmount } from './movements.ts';
import { publishedByCommit } from './published.ts';
import { type Reference, type ReferenceOptions, reference } from './reference.ts';

const at = (text: string): number => Date.parse(text.includes('T') ? text : `${text}T00:00:00Z`);

interface Sketch {
  readonly on: string;
  readonly arr?: number;
  readonly recorded?: string;
  readonly version?: number;
  readonly customer?: string;
  readonly subscription?: string;
  readonly later?: readonly (readonly [on: string, arr: number])[];
  readonly products?: readonly (readonly [productId: string, quantity: number, arr: number])[];
}

const yearly = (productId: string, quantity: number, amountMinor: number): Item => ({
  productId,
  quantity,
  amountMinor,
  currency: 'USD',
  interval: 'year',
  intervalCount: 1,
  billing: 'recurring',
});

/** Arr 0 means ended. Versions rise by themselves. */
const change = (sketch: Sketch, index: number): ChangeRecord => ({
  type: 'subscription_changed',
  eventId: `e${index}`,
  source: '',
  customerId: customerId(sketch.customer ?? 'a'),
  subscriptionId: sketch.subscription ?? 's',
  version: sketch.version ?? index + 1,
  recordedAt: instant(at(sketch.recorded ?? sketch.on)),
  effectiveAt: instant(at(sketch.on)),
  status: sketch.arr === 0 ? 'ended' : 'active',
  items: (sketch.products ?? [['core', 1, sketch.arr ?? 0] as const])
    .filter(() => sketch.arr !== 0)
    .map((product) => yearly(...product)),
  scheduled: (sketch.later ?? []).map(([on, arr]) => ({
    effectiveAt: instant(at(on)),
    status: arr === 0 ? ('ended' as const) : ('active' as const),
    items: arr === 0 ? [] : [yearly('core', 1, arr)],
  })),
});

const classified = (
  fields: Pick<CustomerChanged, 'source' | 'attributes'> & { readonly on: string },
): ChangeRecord => ({
  type: 'customer_changed',
  eventId: 'k',
  source: fields.source,
  customerId: customerId('a'),
  version: 1,
  recordedAt: instant(at(fields.on)),
  effectiveAt: instant(at(fields.on)),
  name: fields.source === '' ? null : `as ${fields.source} says`,
  attributes: fields.attributes,
});

const arrive = (records: readonly ChangeRecord[]): ArrivedRecord[] =>
  records.map((record, offset) => ({ record, offset }));

const of = (
  sketches: readonly Sketch[],
  policy: Partial<Policy> = {},
  options: ReferenceOptions = {},
): Reference => reference(arrive(sketches.map(change)), { ...DEFAULT_POLICY, ...policy }, options);

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

describe('members at an edge', () => {
  const asOf = at('2026-03-28');
  const s = at('2026-02-28') + 1;
  const segment = (on: number, version: number, name: string): ChangeRecord => ({
    ...classified({ source: '', on: '2026-01-01', attributes: { segment: name } }),
    version,
    effectiveAt: instant(on),
  });
  const whole = (moved: number): Reference =>
    reference(
      arrive([
        change({ on: '2026-01-01', arr: 100 }, 0),
        segment(at('2026-01-01'), 1, 'smb'),
        segment(moved, 2, 'big'),
      ]),
      DEFAULT_POLICY,
    );
  const rows = (moved: number) =>
    whole(moved)
      .report({ asOf, window: 'P1M', by: 'segment' })
      .map(({ member, openingArrMinor, arrMinor }) => [member, openingArrMinor, arrMinor]);

  test('the cohort goes by the member just before s, present ARR by the one at t', () => {
    expect(rows(s - 1)).toEqual([['big', 100, 100]]);
    expect(rows(s)).toEqual([
      ['big', 0, 100],
      ['smb', 100, 0],
    ]);
    expect(rows(asOf)).toEqual([
      ['big', 0, 100],
      ['smb', 100, 0],
    ]);
    expect(rows(asOf + 1)).toEqual([['smb', 100, 100]]);
  });

  test('a period goes by the member just before it, for a newcomer just before its end', () => {
    const period = (from: string, to: string, moved: string) =>
      whole(at(moved))
        .periods({ from: at(from), to: at(to), every: 'P1M', by: 'segment' })
        .map(({ member }) => member);
    expect(period('2026-02-01', '2026-03-01', '2026-02-01')).toEqual(['smb']);
    expect(period('2026-02-01', '2026-03-01', '2026-01-31T23:59:59.999Z')).toEqual(['big']);
    expect(period('2026-01-01', '2026-02-01', '2026-01-31T23:59:59.999Z')).toEqual(['big']);
    expect(period('2026-01-01', '2026-02-01', '2026-02-01')).toEqual(['smb']);
  });
});

test('explain: the greatest difference first, with every movement of [s, t] and its events', () => {
  const asOf = at('2026-03-28');
  const first = '2026-02-28T00:00:00.001Z';
  const explained = of([
    { on: '2026-01-01', arr: 100, customer: 'small' },
    { on: first, arr: 110, customer: 'small' },
    { on: '2026-01-01', arr: 500, customer: 'large', later: [['2026-03-28', 200]] },
    { on: '2026-01-01', arr: 40, customer: 'still' },
    { on: '2026-03-01', arr: 900, customer: 'won since' },
  ]).explain({ asOf, window: 'P1M' });
  const told = explained.map((row) => [
    row.customerId,
    row.openingArrMinor,
    row.closingArrMinor,
    ...row.movements.flatMap(({ causes }) =>
      causes.map((cause) => [cause.eventId, cause.amountMinor]),
    ),
  ]);
  expect(told).toEqual([
    ['large', 500, 200, ['e2', -300]],
    ['small', 100, 110, ['e1', 10]],
    ['still', 40, 40],
  ]);
});

describe('definitions', () => {
  // At 28 March 00:00 the month began at 28 February 00:00 and a millisecond.
  const asOf = at('2026-03-28');
  const s = at('2026-02-28') + 1;
  const row = (sketches: readonly Sketch[], definition: 'flow' | 'no_returners' | 'path') =>
    of(sketches).report({ asOf, window: 'P1M', definition })[0]!;
  const iso = (t: number): string => new Date(t).toISOString();

  test('no_returners and path look at every instant of [s, t], its edges included', () => {
    const gone = (from: number, to: number): Sketch[] => [
      { on: '2026-01-01', arr: 100 },
      { on: iso(from), arr: 0 },
      { on: iso(to), arr: 120 },
    ];
    // Back at s + 1 ms: the ARR of s itself was 0.
    expect(row(gone(s, s + 1), 'no_returners')).toMatchObject({ nrr: 0, churnedArrMinor: 100 });
    expect(row(gone(s, s + 1), 'path')).toMatchObject({ nrr: 1.2, grr: 0, churnedArrMinor: 0 });
    // Gone before s and back at s: not in the cohort.
    expect(row(gone(s - 1, s), 'no_returners').nrr).toBeNull();
    // Gone at t.
    expect(row(gone(asOf, asOf + 1), 'path')).toMatchObject({ nrr: 0, grr: 0 });
    expect(row(gone(asOf + 1, asOf + 2), 'path')).toMatchObject({ nrr: 1, grr: 1 });
  });

  test('flow takes the movements of everybody in [s, t], not the new and the returned', () => {
    const flow = row(
      [
        { on: '2026-01-01', arr: 100 },
        { on: iso(s), arr: 130, version: 2 },
        { on: iso(asOf), arr: 110, version: 3 },
        { on: iso(asOf + 1), arr: 900, version: 4 },
        { on: '2026-03-05', arr: 50, customer: 'b' },
        { on: '2026-03-06', arr: 80, customer: 'b' },
        { on: '2026-03-07', arr: 0, customer: 'b' },
      ],
      'flow',
    );
    expect(flow).toMatchObject({
      openingArrMinor: 100,
      expansionArrMinor: 60,
      contractionArrMinor: 20,
      churnedArrMinor: 80,
      nrr: 0.6,
      grr: null,
    });
  });

  test('compounded multiplies the months, each with its own cohort', () => {
    const sketches: Sketch[] = [
      { on: '2025-12-01', arr: 100 },
      { on: '2026-02-10', arr: 150 },
      { on: '2026-03-10', arr: 120 },
      { on: '2026-02-15', arr: 50, customer: 'b' },
    ];
    const nrr = (window: string) =>
      of(sketches).report({ asOf, window, definition: 'compounded' })[0]?.nrr;
    // Months end at 28 March and 28 February: 100 -> 150, then 150 + 50 -> 120 + 50.
    expect(nrr('P2M')).toBeCloseTo((150 / 100) * (170 / 200), 12);
    expect(nrr('P1M')).toBeCloseTo(170 / 200, 12);
    // In the fourth month, from 28 November, nothing was open.
    expect(nrr('P4M')).toBeNull();
  });

  test('a step exactly where a month starts belongs to the later month', () => {
    const steps: Sketch[] = [
      { on: '2026-01-01', arr: 100 },
      { on: iso(s), arr: 200 },
    ];
    // Twice as much in the later month, unchanged in the earlier one; not twice in both.
    const nrr = of(steps).report({ asOf, window: 'P2M', definition: 'compounded' })[0]?.nrr;
    expect(nrr).toBe(2);
    const gone = [steps[0]!, { on: iso(s - 1), arr: 0 }];
    expect(of(gone).report({ asOf, window: 'P2M', definition: 'compounded' })[0]?.nrr).toBeNull();
  });
});

describe('periods', () => {
  const sketches: Sketch[] = [
    { on: '2026-01-10', arr: 100 },
    { on: '2026-01-20', arr: 0 },
    { on: '2026-01-30', arr: 80 },
    { on: '2026-02-10', arr: 0 },
    { on: '2026-03-10', arr: 90 },
  ];
  const rows = (gross: boolean) =>
    of(sketches).periods({ from: at('2026-01-01'), to: at('2026-04-01'), every: 'P1M', gross });

  test('netted: the first time above 0 in the period is new, whatever happened inside', () => {
    expect(rows(false)).toMatchObject([
      { openingArrMinor: 0, newArrMinor: 80, churnedArrMinor: 0, closingArrMinor: 80 },
      { openingArrMinor: 80, churnedArrMinor: 80, churnedCustomers: 1, closingArrMinor: 0 },
      { openingArrMinor: 0, newArrMinor: 0, reactivationArrMinor: 90, closingArrMinor: 90 },
    ]);
  });

  test('gross: a step at the first instant of a period belongs to it', () => {
    const edge = { from: at('2026-01-20'), to: at('2026-01-30'), every: 'P1M', gross: true };
    expect(of(sketches).periods(edge)).toMatchObject([
      { openingArrMinor: 100, churnedArrMinor: 100, reactivationArrMinor: 0, closingArrMinor: 0 },
    ]);
  });

  test('gross: every step, and a customer once a kind', () => {
    expect(rows(true)[0]).toMatchObject({
      newArrMinor: 100,
      churnedArrMinor: 100,
      reactivationArrMinor: 80,
      newCustomers: 1,
      churnedCustomers: 1,
      reactivatedCustomers: 1,
    });
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
