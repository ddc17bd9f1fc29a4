import { expect, test } from 'vitest';
import { arrPoints } from './customer-steps.ts';
import {
  headline,
  mainCause,
  membersFinding,
  monthsFinding,
  plainWords,
  waterfallFinding,
} from './findings.ts';
import { moneyIn } from './format.ts';
import { heldRows } from './held-rows.ts';
import { membersOf } from './members.ts';
import { monthPoints, ratioRange } from './months.ts';
import { greatest, moverOf, sumDrivers } from './ranking.ts';
import { rowOf, SAMPLE } from './rows.fixture.ts';
import { figureState } from './state.ts';
import { waterfallOf } from './waterfall.ts';

test('the headline says where it stands, what changed and why', () => {
  const before = rowOf(1_240_000_000, 62_000_000, 31_000_000, 176_000_000);
  expect(headline(SAMPLE, before)).toBe(
    'NRR is 107.5%, +0.8pt in a month: more expansion (+0.8pt).',
  );
  expect(headline(SAMPLE, SAMPLE)).toBe('NRR is 107.5%, the same as a month ago.');
  expect(headline(SAMPLE, null)).toBe('NRR is 107.5%.');
  expect(headline(rowOf(0, 0, 0, 0), SAMPLE)).toBe('NRR is —.');
});

test('the main cause points the way the figure went', () => {
  const before = rowOf(1_000, 100, 0, 100);
  expect(mainCause(rowOf(1_000, 50, 0, 90), before)).toBe('less churn (+5.0pt)');
  expect(mainCause(rowOf(1_000, 200, 0, 150), before)).toBe('more churn (−10.0pt)');
});

test('NRR in plain words tells the money of the same customers then and now', () => {
  expect(plainWords(SAMPLE, 'P12M', moneyIn('USD'))).toBe(
    'Customers who paid $12.4M a year 12 months ago pay $13.3M today.',
  );
});

test('captions say the finding', () => {
  const waterfall = waterfallOf(SAMPLE, 'point_to_point');
  expect(waterfall && waterfallFinding(waterfall, SAMPLE.nrr)).toBe(
    '100%, churn −5.0pt, contraction −2.5pt, expansion +15.0pt: 107.5%.',
  );
  const points = monthPoints(
    [
      { as_of: '2026-08-31T23:59:59.999Z', open: false, rows: [] },
      { as_of: '2026-09-30T23:59:59.999Z', open: false, rows: [rowOf(100, 10, 0, 0)] },
      { as_of: '2026-10-31T23:59:59.999Z', open: false, rows: [rowOf(100, 0, 0, 10)] },
    ],
    null,
  );
  expect(points[0]?.nrr).toBeNull();
  expect(monthsFinding(points)).toBe('NRR 110.0%, up from 90.0% 1 month before');
});

test('members stand by base; a small one is no finding', () => {
  const members = membersOf([
    { ...rowOf(300, 60, 0, 0), member: 'tiny', opening_customers: 19 },
    { ...rowOf(100, 10, 0, 0), member: 'smb' },
    { ...rowOf(500, 0, 0, 100), member: 'enterprise' },
    { ...rowOf(0, 0, 0, 0), member: 'unknown' },
  ]);
  expect(members.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'enterprise sound',
    'tiny small',
    'smb sound',
    'unknown none',
  ]);
  expect(membersFinding('segment', members)).toBe('By segment: smb is lowest, 90.0%');
});

test('a base of 20 is sound, one of 19 is small, none has no figure', () => {
  expect(figureState({ ...SAMPLE, opening_customers: 20 })).toBe('sound');
  expect(figureState({ ...SAMPLE, opening_customers: 19 })).toBe('small');
  expect(figureState(rowOf(0, 0, 0, 0))).toBe('none');
  expect(figureState(null)).toBe('none');
});

test('one range serves all members, wider where one needs it, and never endless', () => {
  expect(ratioRange([1, null, 0.95])).toEqual([0.8, 1.2]);
  expect(ratioRange([0.61, 1.34])).toEqual([0.6, 1.4]);
  expect(ratioRange([5])).toEqual([0.8, 2]);
});

test('a mover’s reason is the greatest driver that goes its way', () => {
  const mover = moverOf(
    {
      customer_id: 'c',
      name: null,
      opening_arr_minor: 1_000,
      expansion_arr_minor: 0,
      contraction_arr_minor: 200,
      churned_arr_minor: 0,
      closing_arr_minor: 800,
      drivers: [
        { driver: 'price_increase', product_id: 'a', amount_minor: 300 },
        { driver: 'downgrade', product_id: 'a', amount_minor: -260 },
        { driver: 'downgrade', product_id: 'b', amount_minor: -240 },
      ],
      events: [],
    },
    10_000,
  );
  expect(mover).toMatchObject({ name: 'c', change: -200, share: -0.02, why: 'downgrade' });
  expect(greatest([mover, { ...mover, change: 900 }, { ...mover, change: -300 }], 2)).toMatchObject(
    [{ change: 900 }, { change: -300 }],
  );
});

test('drivers of several products are summed by kind; what cancels out is left out', () => {
  expect(
    sumDrivers([
      { driver: 'upsell', amount_minor: 5 },
      { driver: 'cancellation', amount_minor: -9 },
      { driver: 'upsell', amount_minor: 2 },
      { driver: 'return', amount_minor: 1 },
      { driver: 'return', amount_minor: -1 },
    ]),
  ).toEqual([
    { driver: 'cancellation', amount_minor: -9 },
    { driver: 'upsell', amount_minor: 7 },
  ]);
});

test('while a list is read its rows stay and new ones are counted', () => {
  const id = (row: string): string => row;
  expect(heldRows(['c', 'b', 'a'], null, id)).toEqual({ shown: ['c', 'b', 'a'], waiting: 0 });
  expect(heldRows(['d', 'c', 'b'], ['b', 'a'], id)).toEqual({ shown: ['b', 'a'], waiting: 2 });
});

test('a customer’s line runs from before its first step to the date shown', () => {
  const step = (effective_at: string, before: number, after: number) => ({
    effective_at,
    arr_before_minor: before,
    arr_after_minor: after,
    amount_minor: after - before,
    movement: 'new',
    drivers: [],
    known_at: effective_at,
    cause: { event_id: 'e', source: '', topic: 't', partition: 0, offset: 0 },
    restatement: null,
  });
  const steps = [step('2026-01-01T00:00:00.000Z', 0, 5), step('2026-02-01T00:00:00.000Z', 5, 0)];
  const until = Date.parse('2026-03-01T00:00:00.000Z');
  expect(arrPoints(steps, until).map(({ arr }) => arr)).toEqual([0, 5, 0, 0]);
  expect(arrPoints(steps, until).at(-1)?.at).toBe(until);
  expect(arrPoints([], until)).toEqual([]);
});
