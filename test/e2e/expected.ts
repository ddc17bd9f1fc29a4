/**
 * What the reference (test/reference) says of the same records, in the form in which the pipe shows
 * it: the second source of numbers beside the worked cases.
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import { grr, logoRetention, nrr } from '@holdfast/domain/ratios.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { type Reference, reference } from '../reference/reference.ts';
import type { InForce } from './ledger.ts';

/** In the order of arrival of each customer. */
export const referenceOf = (records: readonly ChangeRecord[], policy: Policy): Reference =>
  reference(
    records.map((record, offset) => ({ record, offset })),
    policy,
  );

/** Rows as `allFigures` has them, for policies whose dimensions have few members. */
export const figuresAt = (of: Reference, asOf: number): readonly object[] => {
  const { retention, present } = of.gauges(asOf);
  return [
    ...retention.map((row) => ({
      window: row.window,
      dimension: row.dimension,
      member: row.member,
      opening_arr_minor: row.openingArrMinor,
      expansion_arr_minor: row.expansionArrMinor,
      contraction_arr_minor: row.contractionArrMinor,
      churned_arr_minor: row.churnedArrMinor,
      closing_arr_minor: row.closingArrMinor,
      opening_customers: row.openingCustomers,
      retained_customers: row.retainedCustomers,
      nrr: nrr(row) ?? undefined,
      grr: grr(row) ?? undefined,
      logo_retention: logoRetention(row) ?? undefined,
    })),
    ...present.map(({ dimension, member, arrMinor, customers }) => ({
      dimension,
      member,
      arr_minor: arrMinor,
      customers,
    })),
  ];
};

/** The movements in force, as `netLedger` has them. */
export const inForceAt = (of: Reference, asOf: number): readonly InForce[] =>
  of.ledger(asOf).map((entry) => ({
    customerId: entry.customerId,
    effectiveAt: entry.effectiveAt,
    movement: entry.movement,
    amountMinor: entry.arrAfterMinor - entry.arrBeforeMinor,
    arrBeforeMinor: entry.arrBeforeMinor,
    arrAfterMinor: entry.arrAfterMinor,
    drivers: entry.drivers,
  }));

const keyOf = (row: object): string => JSON.stringify(Object.values(row).slice(0, 3));

/** Rows in one order, so that lists of them can be compared. */
export const inOrder = (rows: readonly object[]): readonly object[] =>
  [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
