/** A retention row for tests: the sample of the specification, NRR 107.5%. */

import type { RetentionRow } from './answers.ts';

export const SAMPLE: RetentionRow = {
  dimension: 'all',
  member: 'all',
  opening_arr_minor: 1_240_000_000,
  churned_arr_minor: 62_000_000,
  contraction_arr_minor: 31_000_000,
  expansion_arr_minor: 186_000_000,
  closing_arr_minor: 1_333_000_000,
  opening_customers: 1_520,
  retained_customers: 1_412,
  nrr: 1.075,
  grr: 0.925,
  logo_retention: 1_412 / 1_520,
  arr_minor: 1_587_000_000,
  customers: 2_012,
};

/** A row of parts, with the ratios that follow. */
export function rowOf(
  opening: number,
  churned: number,
  contraction: number,
  expansion: number,
): RetentionRow {
  const closing = opening - churned - contraction + expansion;
  return {
    ...SAMPLE,
    opening_arr_minor: opening,
    churned_arr_minor: churned,
    contraction_arr_minor: contraction,
    expansion_arr_minor: expansion,
    closing_arr_minor: closing,
    nrr: opening === 0 ? null : closing / opening,
    grr: opening === 0 ? null : (opening - churned - contraction) / opening,
    logo_retention: opening === 0 ? null : 1,
    opening_customers: opening === 0 ? 0 : 100,
  };
}
