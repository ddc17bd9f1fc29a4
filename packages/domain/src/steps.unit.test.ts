import { describe, expect, it } from 'vitest';
import type { Chain, Line, SubscriptionTimeline } from './customer.ts';
import { isHoldfastError } from './errors.ts';
import { liveRules, tell } from './fold-fixtures.ts';
import { at, item, subscription } from './report-fixtures.ts';
import { customerId, instant, minorUnits } from './scalars.ts';
import { arrAt, linesAt, stepsOf } from './steps.ts';

const ID = customerId('acme');

const line = (arr: number, productId = 'core'): Line => ({
  productId,
  arrMinor: minorUnits(arr),
  quantity: 1,
});
const timeline = (
  subscriptionId: string,
  worth: Readonly<Record<number, number>>,
): SubscriptionTimeline => ({
  source: '',
  subscriptionId,
  chain: Object.entries(worth).map(([from, arr]) => ({
    from: instant(+from),
    version: 1,
    recordedAt: instant(0),
    value: arr === 0 ? [] : [line(arr)],
    cause: null,
  })) as Chain<readonly Line[]>,
});
const steps = (...worth: Readonly<Record<number, number>>[]) =>
  stepsOf(
    ID,
    worth.map((one, index) => timeline(`s${index}`, one)),
  );

describe('the steps of a customer', () => {
  it('are none without subscriptions, nor while nothing counts', () => {
    expect(steps()).toEqual({ at: [], arr: [] });
    expect(steps({ 10: 0 })).toEqual({ at: [], arr: [] });
    expect(steps({ 10: 0 }, { 20: 0 })).toEqual({ at: [], arr: [] });
  });

  it('of one subscription are the instants at which its worth changes', () => {
    expect(steps({ 10: 5, 20: 5, 30: 8, 40: 0, 50: 0, 60: 8 })).toEqual({
      at: [10, 30, 40, 60],
      arr: [5, 8, 0, 8],
    });
    expect(steps({ 10: 0, 20: 7 })).toEqual({ at: [20], arr: [7] });
  });

  it('of several are those of their sum', () => {
    expect(steps({ 10: 5, 30: 0 }, { 20: 7, 40: 9 }, { 15: 0 })).toEqual({
      at: [10, 20, 30, 40],
      arr: [5, 12, 7, 9],
    });
  });

  it('of changes at one instant are one, and none where they cancel out', () => {
    expect(steps({ 10: 5, 30: 0 }, { 30: 7 })).toEqual({ at: [10, 30], arr: [5, 7] });
    expect(steps({ 10: 5, 30: 0 }, { 30: 5 })).toEqual({ at: [10], arr: [5] });
    expect(steps({ 10: 5, 30: 0 }, { 30: 2 }, { 30: 3, 40: 4 })).toEqual({
      at: [10, 40],
      arr: [5, 6],
    });
  });

  it('leave out what does not change in one of several', () => {
    expect(steps({ 10: 5, 20: 5, 30: 6 }, { 5: 1 })).toEqual({ at: [5, 10, 30], arr: [1, 6, 7] });
  });

  it('beyond safe integers are an error that names the customer', () => {
    const huge = Number.MAX_SAFE_INTEGER;
    expect(steps({ 10: huge }).arr).toEqual([huge]);
    const calls = [() => steps({ 10: huge }, { 20: 1 }), () => steps({ 10: 1, 20: huge + 1 })];
    for (const call of calls) {
      expect(call).toThrow('customer acme');
      try {
        call();
      } catch (error) {
        expect(isHoldfastError(error, 'arr_overflow')).toBe(true);
      }
    }
  });
});

describe('ARR at an instant', () => {
  it('is that of the last step, and 0 before the first', () => {
    const found = steps({ 10: 5, 20: 8, 30: 0 });
    expect([9, 10, 19, 20, 29, 30, 99].map((t) => arrAt(found, t))).toEqual([0, 5, 5, 8, 8, 0, 0]);
    expect(arrAt(steps(), 10)).toBe(0);
  });
});

describe('lines at an instant', () => {
  it('are those of all subscriptions then, product by product', () => {
    const { customer } = tell(liveRules(), [
      subscription('acme', '2025-01-01', [item(10, 'core', 2), item(3, 'reports')], { id: 'a' }),
      subscription('acme', '2025-02-01', [item(5, 'core', 4)], { id: 'b' }),
      subscription('acme', '2025-03-01', 0, { id: 'a' }),
    ]);
    const shown = (on: string): string =>
      linesAt(customer, at(on))
        .map((one) => `${one.productId} ${one.arrMinor} ${one.quantity}`)
        .join();
    expect(shown('2024-12-31')).toBe('');
    expect(shown('2025-01-01')).toBe('core 10 2,reports 3 1');
    expect(shown('2025-02-01')).toBe('core 15 6,reports 3 1');
    expect(shown('2025-03-01')).toBe('core 5 4');
  });
});
