import { describe, expect, it } from 'vitest';
import type { Customer, Line } from './customer.ts';
import type { Movement } from './delta.ts';
import { day, liveRules, tell } from './fold-fixtures.ts';
import { driversOf, firstPaidAt, kindOf, movementsBetween, sameMovement } from './movements.ts';
import { at, subscription } from './report-fixtures.ts';
import { instant, minorUnits } from './scalars.ts';

const line = (productId: string, arr: number, quantity = 1): Line => ({
  productId,
  arrMinor: minorUnits(arr),
  quantity,
});

const { customer } = tell(liveRules(), [
  subscription('a', '2025-01-01', 100),
  subscription('a', '2025-02-01', 150),
  subscription('a', '2025-03-01', 120),
  subscription('a', '2025-04-01', 0),
  subscription('a', '2025-05-01', 80),
]);

describe('the movements of a customer', () => {
  const between = (after: string, upTo: string, of: Customer = customer): readonly string[] =>
    movementsBetween(of, at(after), at(upTo)).map(
      (one) =>
        `${day(one.effectiveAt)} ${one.movement} ${one.arrBeforeMinor}>${one.arrAfterMinor} ` +
        one.drivers.map(({ driver, amountMinor }) => `${driver} ${amountMinor}`).join(),
    );

  it('are one for each step, with its kind and its drivers', () => {
    expect(between('2024-01-01', '2026-01-01')).toEqual([
      '2025-01-01 new 0>100 new_product 100',
      '2025-02-01 expansion 100>150 price_increase 50',
      '2025-03-01 contraction 150>120 price_decrease -30',
      '2025-04-01 churn 120>0 cancellation -120',
      '2025-05-01 reactivation 0>80 return 80',
    ]);
  });

  it('are those after one instant and up to another', () => {
    expect(between('2025-01-01', '2025-03-01').map((one) => one.slice(0, 10))).toEqual([
      '2025-02-01',
      '2025-03-01',
    ]);
    expect(between('2025-02-01', '2025-02-28')).toEqual([]);
    expect(movementsBetween(customer, at('2025-04-30'), at('2025-05-01') - 1)).toEqual([]);
  });

  it('know a return from what was paid before all that is kept', () => {
    const forgotten = { ...customer, firstPaidAt: instant(at('2020-01-01')) };
    expect(between('2024-01-01', '2025-01-01', forgotten)).toEqual([
      '2025-01-01 reactivation 0>100 return 100',
    ]);
  });
});

describe('the first payment', () => {
  it('is what is remembered, else the first step, else never', () => {
    expect(firstPaidAt({ ...customer, firstPaidAt: instant(5) })).toBe(5);
    expect(firstPaidAt(customer)).toBe(at('2025-01-01'));
    expect(firstPaidAt({ ...customer, steps: { at: [], arr: [] } })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the kind of a movement', () => {
  it.each([
    [0, 5, true, 'new'],
    [0, 5, false, 'reactivation'],
    [5, 0, true, 'churn'],
    [5, 0, false, 'churn'],
    [5, 6, false, 'expansion'],
    [6, 5, false, 'contraction'],
  ])('from %i to %i (first: %s) is %s', (before, after, first, kind) => {
    expect(kindOf(before, after, first)).toBe(kind);
  });
});

describe('drivers', () => {
  const told = (kind: Movement['movement'], before: readonly Line[], after: readonly Line[]) =>
    driversOf(kind, before, after)
      .map(({ driver, productId, amountMinor }) => `${driver} ${productId} ${amountMinor}`)
      .join(', ');
  const two = [line('a', 10), line('b', 5)];

  it('of a movement from or to nothing are one for each product', () => {
    expect(told('new', [], two)).toBe('new_product a 10, new_product b 5');
    expect(told('reactivation', [], two)).toBe('return a 10, return b 5');
    expect(told('churn', two, [])).toBe('cancellation a -10, cancellation b -5');
    expect(told('new', [], [line('a', 10), line('free', 0)])).toBe('new_product a 10');
  });

  it('of any other compare product by product, in product order', () => {
    expect(told('expansion', [line('b', 5)], [line('a', 10), line('b', 5), line('c', 1)])).toBe(
      'cross_sell a 10, cross_sell c 1',
    );
    expect(told('contraction', two, [line('b', 5)])).toBe('product_removed a -10');
    expect(told('expansion', [line('b', 5)], [line('a', 10)])).toBe(
      'cross_sell a 10, product_removed b -5',
    );
  });

  it('split what a product gained or lost into quantity and price', () => {
    const change = (before: Line, after: Line): string => told('expansion', [before], [after]);
    expect(change(line('a', 100, 10), line('a', 150, 15))).toBe('upsell a 50');
    expect(change(line('a', 100, 10), line('a', 130, 10))).toBe('price_increase a 30');
    expect(change(line('a', 100, 10), line('a', 180, 15))).toBe('upsell a 50, price_increase a 30');
    expect(change(line('a', 100, 10), line('a', 120, 15))).toBe(
      'upsell a 50, price_decrease a -30',
    );
    expect(change(line('a', 100, 10), line('a', 40, 5))).toBe(
      'downgrade a -50, price_decrease a -10',
    );
    expect(change(line('a', 100, 10), line('a', 110, 5))).toBe(
      'downgrade a -50, price_increase a 60',
    );
    expect(change(line('a', 100, 10), line('a', 50, 5))).toBe('downgrade a -50');
  });

  it('round the part of quantity half to even, and leave out parts of nothing', () => {
    const change = (before: Line, after: Line): string => told('expansion', [before], [after]);
    expect(change(line('a', 5, 2), line('a', 9, 3))).toBe('upsell a 2, price_increase a 2');
    expect(change(line('a', 7, 2), line('a', 9, 3))).toBe('upsell a 4, price_decrease a -2');
    expect(change(line('a', 1, 4), line('a', 2, 5))).toBe('price_increase a 1');
    expect(change(line('a', 0, 4), line('a', 2, 3))).toBe('price_increase a 2');
    expect(change(line('a', 5, 2), line('a', 5, 2))).toBe('');
    expect(change(line('a', 5, 2), line('a', 5, 4))).toBe('upsell a 5, price_decrease a -5');
  });
});

describe('two movements of an instant', () => {
  const one: Movement = {
    effectiveAt: instant(10),
    movement: 'expansion',
    arrBeforeMinor: minorUnits(5),
    arrAfterMinor: minorUnits(8),
    drivers: [
      { driver: 'upsell', productId: 'a', amountMinor: minorUnits(2) },
      { driver: 'cross_sell', productId: 'b', amountMinor: minorUnits(1) },
    ],
  };
  const [first, second] = one.drivers as [Movement['drivers'][0], Movement['drivers'][0]];

  it('are the same if nothing about them differs', () => {
    expect(sameMovement(one, structuredClone(one))).toBe(true);
  });

  it.each<Partial<Movement>>([
    { effectiveAt: instant(11) },
    { movement: 'reactivation' },
    { arrBeforeMinor: minorUnits(4) },
    { arrAfterMinor: minorUnits(9) },
    { drivers: [first] },
    { drivers: [first, second, second] },
    { drivers: [first, { ...second, driver: 'new_product' }] },
    { drivers: [first, { ...second, productId: 'c' }] },
    { drivers: [{ ...first, amountMinor: minorUnits(3) }, second] },
  ])('are not with %o', (fields) => {
    expect(sameMovement(one, { ...one, ...fields })).toBe(false);
    expect(sameMovement({ ...one, ...fields }, one)).toBe(false);
  });
});
