import { describe, expect, it } from 'vitest';
import { grr, logoRetention, nrr } from './ratios.ts';

const SUMS = {
  openingArrMinor: 400,
  contractionArrMinor: 60,
  churnedArrMinor: 40,
  closingArrMinor: 500,
  openingCustomers: 8,
  retainedCustomers: 6,
};

describe('the ratios of retention', () => {
  it('are parts of what was open', () => {
    expect([nrr(SUMS), grr(SUMS), logoRetention(SUMS)]).toEqual([1.25, 0.75, 0.75]);
  });

  it('are 0 where everything was lost', () => {
    const lost = { ...SUMS, contractionArrMinor: 0, churnedArrMinor: 400, closingArrMinor: 0 };
    expect([nrr(lost), grr(lost)]).toEqual([0, 0]);
    expect(logoRetention({ ...lost, retainedCustomers: 0 })).toBe(0);
  });

  it('are none where nothing was open', () => {
    const none = { ...SUMS, openingArrMinor: 0, openingCustomers: 0 };
    expect([nrr(none), grr(none), logoRetention(none)]).toEqual([null, null, null]);
  });
});
