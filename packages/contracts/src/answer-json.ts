/**
 * Rows of answers in the names that the world sees: the command line and the ledger's API give the
 * same ones.
 */

import type { Share } from '@holdfast/domain/definitions/definition.ts';
import type { RetentionReport } from '@holdfast/domain/retention.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import type { WaterfallRow } from '@holdfast/domain/waterfall.ts';
import { formatInstant } from './instant-text.ts';

/** One row of `report --json` and of `/v1/retention`. */
export const retentionJson = (row: RetentionReport) => ({
  dimension: row.dimension,
  member: row.member,
  opening_arr_minor: row.openingArrMinor,
  expansion_arr_minor: row.expansionArrMinor,
  contraction_arr_minor: row.contractionArrMinor,
  churned_arr_minor: row.churnedArrMinor,
  closing_arr_minor: row.closingArrMinor,
  opening_customers: row.openingCustomers,
  retained_customers: row.retainedCustomers,
  nrr: row.nrr,
  grr: row.grr,
  logo_retention: row.logoRetention,
  arr_minor: row.arrMinor,
  customers: row.customers,
});

/** One row of `movements --json` and of `/v1/movements`. */
export const waterfallJson = (row: WaterfallRow) => ({
  from: formatInstant(instant(row.from)),
  to: formatInstant(instant(row.to)),
  dimension: row.dimension,
  member: row.member,
  opening_arr_minor: row.openingArrMinor,
  new_arr_minor: row.newArrMinor,
  reactivation_arr_minor: row.reactivationArrMinor,
  expansion_arr_minor: row.expansionArrMinor,
  contraction_arr_minor: row.contractionArrMinor,
  churned_arr_minor: row.churnedArrMinor,
  closing_arr_minor: row.closingArrMinor,
  new_customers: row.newCustomers,
  reactivated_customers: row.reactivatedCustomers,
  expanded_customers: row.expandedCustomers,
  contracted_customers: row.contractedCustomers,
  churned_customers: row.churnedCustomers,
});

/** What `explain --json` and `/v1/explain` say alike of one customer. */
export const shareJson = (
  row: Share & {
    readonly customerId: string;
    readonly name: string | null;
    readonly member: string;
  },
) => ({
  customer_id: row.customerId,
  name: row.name,
  member: row.member,
  opening_arr_minor: row.opening,
  expansion_arr_minor: row.expansion,
  contraction_arr_minor: row.contraction,
  churned_arr_minor: row.churned,
  closing_arr_minor: row.closing,
});
