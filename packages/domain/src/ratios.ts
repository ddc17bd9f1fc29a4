/** The ratios of retention. Nothing open: no ratio, never 0 or 1. */

export interface RetentionSums {
  readonly openingArrMinor: number;
  readonly contractionArrMinor: number;
  readonly churnedArrMinor: number;
  readonly closingArrMinor: number;
  readonly openingCustomers: number;
  readonly retainedCustomers: number;
}

/** Closing over opening ARR. */
export const nrr = (sums: RetentionSums): number | null =>
  sums.openingArrMinor === 0 ? null : sums.closingArrMinor / sums.openingArrMinor;

/** What was kept of opening ARR, without expansion. */
export const grr = (sums: RetentionSums): number | null =>
  sums.openingArrMinor === 0
    ? null
    : (sums.openingArrMinor - sums.contractionArrMinor - sums.churnedArrMinor) /
      sums.openingArrMinor;

/** Customers kept over customers open. */
export const logoRetention = (sums: RetentionSums): number | null =>
  sums.openingCustomers === 0 ? null : sums.retainedCustomers / sums.openingCustomers;
