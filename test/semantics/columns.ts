/** The columns that an answer in docs/SEMANTICS.md may have: where each comes from, how it reads. */

import type { Kind } from './figures.ts';

export interface Column {
  readonly field: string;
  readonly kind: Kind;
}

export type Columns = Readonly<Record<string, Column>>;

const PARTS: Columns = {
  member: { field: 'member', kind: 'text' },
  opening: { field: 'opening_arr_minor', kind: 'money' },
  expansion: { field: 'expansion_arr_minor', kind: 'money' },
  contraction: { field: 'contraction_arr_minor', kind: 'money' },
  churned: { field: 'churned_arr_minor', kind: 'money' },
  closing: { field: 'closing_arr_minor', kind: 'money' },
};

export const RETENTION: Columns = {
  ...PARTS,
  open: { field: 'opening_customers', kind: 'count' },
  kept: { field: 'retained_customers', kind: 'count' },
  NRR: { field: 'nrr', kind: 'percent' },
  GRR: { field: 'grr', kind: 'percent' },
  logo: { field: 'logo_retention', kind: 'percent' },
  ARR: { field: 'arr_minor', kind: 'money' },
  customers: { field: 'customers', kind: 'count' },
  forecast: { field: 'forecast', kind: 'text' },
};

export const MOVEMENTS: Columns = {
  ...PARTS,
  from: { field: 'from', kind: 'instant' },
  new: { field: 'new_arr_minor', kind: 'money' },
  return: { field: 'reactivation_arr_minor', kind: 'money' },
};

export const EXPLAINED: Columns = {
  ...PARTS,
  customer: { field: 'customer_id', kind: 'text' },
  drivers: { field: 'drivers', kind: 'drivers' },
  events: { field: 'events', kind: 'list' },
};

export const CHECKED: Columns = {
  event: { field: 'event', kind: 'text' },
  reason: { field: 'reason', kind: 'text' },
};

export const DELTAS: Columns = {
  said: { field: 'said', kind: 'instant' },
  op: { field: 'op', kind: 'text' },
  customer: { field: 'customer_id', kind: 'text' },
  effective: { field: 'effective_at', kind: 'instant' },
  movement: { field: 'movement', kind: 'text' },
  amount: { field: 'amount_minor', kind: 'money' },
  drivers: { field: 'drivers', kind: 'drivers' },
};

export const COUNTED: Columns = {
  applied: { field: 'applied', kind: 'count' },
  duplicate: { field: 'duplicate', kind: 'count' },
  'version tie': { field: 'version_tie', kind: 'count' },
  'too late': { field: 'too_late', kind: 'count' },
};
