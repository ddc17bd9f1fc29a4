/**
 * Retention, members, periods and shares at their exact edges, with answers found by hand. An item
 * of 100 a year is an ARR of 100 cents.
 */

import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { describe, expect, test } from 'vitest';
import { type Reference, reference } from './reference.ts';
import { arrive, at, change, classified, of, type Sketch } from './sketches.ts';

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
