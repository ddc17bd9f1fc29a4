/** The schemas of answers: the HTTP contract, from which the OpenAPI document is made. */

import { DEFINITION_NAMES } from '@holdfast/domain/definitions/definition.ts';
import { DRIVERS, MOVEMENTS } from '@holdfast/domain/delta.ts';
import { z } from 'zod';

export const instantJson = z.iso.datetime({ precision: 3 });
export const minorJson = z.int().describe('Minor units of the currency beside.');
const minorOrNull = z.int().nullable();
const ratioJson = z.number().nullable().describe('Null where nothing was open.');
const countOrNull = z.int().nullable();

export const causeJson = z.object({
  event_id: z.string(),
  source: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
});

export const driverJson = z.object({
  driver: z.enum(DRIVERS),
  product_id: z.string(),
  amount_minor: minorJson,
});

export const attributesJson = z.record(z.string(), z.string());

export const retentionRow = z.object({
  dimension: z.string(),
  member: z.string(),
  opening_arr_minor: minorOrNull,
  expansion_arr_minor: minorOrNull,
  contraction_arr_minor: minorOrNull,
  churned_arr_minor: minorOrNull,
  closing_arr_minor: minorOrNull,
  opening_customers: countOrNull,
  retained_customers: countOrNull,
  nrr: ratioJson,
  grr: ratioJson,
  logo_retention: ratioJson,
  arr_minor: minorJson,
  customers: z.int(),
});

const definitionJson = z.enum(DEFINITION_NAMES);

const head = {
  as_of: instantJson,
  known_at: instantJson.nullable().describe('Null: all that is known.'),
  window: z.string(),
  definition: definitionJson,
  currency: z.string(),
};

export const statusAnswer = z.object({
  as_of: instantJson.nullable().describe('The newest instant up to which the ledger is complete.'),
  generation: z.string().nullable(),
  reporting_currency: z.string(),
  time_zone: z.string(),
  windows: z.array(z.string()),
  dimensions: z.array(z.string()),
  first_effective_at: instantJson.nullable(),
  simulated: z.boolean(),
  complete: z.boolean(),
  lag_events: z.int().nullable(),
  age_seconds: z.number().nullable(),
  last_record_at: instantJson.nullable(),
  events: z.record(z.string(), z.int()).nullable(),
  dead_letters: z.record(z.string(), z.int()).nullable(),
  deltas: z.int(),
  customers: z.int(),
});

export const retentionAnswer = z.object({ ...head, rows: z.array(retentionRow) });

export const historyAnswer = z.object({
  window: z.string(),
  definition: definitionJson,
  currency: z.string(),
  every: z.string(),
  known_at: head.known_at,
  points: z.array(z.object({ as_of: instantJson, open: z.boolean(), rows: z.array(retentionRow) })),
});

export const waterfallRow = z.object({
  from: instantJson,
  to: instantJson,
  dimension: z.string(),
  member: z.string(),
  opening_arr_minor: minorJson,
  new_arr_minor: minorJson,
  reactivation_arr_minor: minorJson,
  expansion_arr_minor: minorJson,
  contraction_arr_minor: minorJson,
  churned_arr_minor: minorJson,
  closing_arr_minor: minorJson,
  new_customers: z.int(),
  reactivated_customers: z.int(),
  expanded_customers: z.int(),
  contracted_customers: z.int(),
  churned_customers: z.int(),
});

export const movementsAnswer = z.object({
  every: z.string(),
  currency: z.string(),
  known_at: head.known_at,
  rows: z.array(waterfallRow),
});

export const movementJson = z.object({
  delta_id: z.string(),
  customer_id: z.string(),
  customer_name: z.string().nullable(),
  attributes: attributesJson,
  effective_at: instantJson,
  known_at: instantJson,
  op: z.enum(['assert', 'retract']),
  movement: z.enum(MOVEMENTS),
  arr_before_minor: minorJson,
  arr_after_minor: minorJson,
  amount_minor: minorJson,
  drivers: z.array(driverJson),
  cause: causeJson,
  restatement: z.string().nullable(),
});

const next = z.string().nullable().describe('The cursor of the next page; null: there is none.');

export const feedAnswer = z.object({ currency: z.string(), rows: z.array(movementJson), next });

export const explainRow = z.object({
  customer_id: z.string(),
  name: z.string().nullable(),
  member: z.string(),
  opening_arr_minor: minorJson,
  expansion_arr_minor: minorJson,
  contraction_arr_minor: minorJson,
  churned_arr_minor: minorJson,
  closing_arr_minor: minorJson,
  drivers: z.array(driverJson),
  events: z.array(
    z.object({
      event_id: z.string(),
      source: z.string(),
      effective_at: instantJson,
      known_at: instantJson,
      movement: z.enum(MOVEMENTS),
      amount_minor: minorJson,
    }),
  ),
});

export const explainAnswer = z.object({
  ...head,
  total: retentionRow.describe('Of all customers, or of the member asked for.'),
  customers: z.int().describe('With a part in what is asked, on all pages.'),
  drivers: z
    .array(z.object({ driver: z.enum(DRIVERS), amount_minor: minorJson }))
    .describe('Sums over all of these customers, the greatest first.'),
  rows: z.array(explainRow),
  next,
});

export const restatedAnswer = z.object({
  ...head,
  known_at: instantJson,
  known: retentionRow,
  corrected: retentionRow,
  difference: z
    .record(z.string(), z.number().nullable())
    .describe('Corrected less known, by the fields of a row.'),
  events: z.array(
    z.object({
      event_id: z.string(),
      source: z.string(),
      customer_id: z.string(),
      customer_name: z.string().nullable(),
      effective_at: instantJson,
      known_at: instantJson,
      amount_minor: minorJson,
    }),
  ),
  event_count: z.int().describe('Of all, also of those beyond the list.'),
});

export const restatementsAnswer = z.object({
  currency: z.string(),
  rows: z.array(
    z.object({
      restatement: z.string(),
      generation: z.string(),
      after_known_at: instantJson.describe('What was known last before it was put in force.'),
      effective_from: instantJson.describe('Of the earliest that it retracted or asserted.'),
      deltas: z.int(),
      amount_minor: minorJson.describe('What it changed in present ARR.'),
    }),
  ),
});

export const customersAnswer = z.object({
  currency: z.string(),
  rows: z.array(
    z.object({ customer_id: z.string(), name: z.string().nullable(), arr_minor: minorJson }),
  ),
});

const step = z.object({
  effective_at: instantJson,
  arr_before_minor: minorJson,
  arr_after_minor: minorJson,
  amount_minor: minorJson,
  movement: z.enum(MOVEMENTS),
  drivers: z.array(driverJson),
  known_at: instantJson,
  cause: causeJson,
  restatement: z.string().nullable(),
});

export const customerAnswer = z.object({
  customer_id: z.string(),
  name: z.string().nullable(),
  attributes: attributesJson,
  currency: z.string(),
  arr_minor: minorJson,
  as_of: instantJson,
  known_at: head.known_at,
  steps: z.array(step),
  retracted: z.array(step.extend({ retracted_at: instantJson, retracted_by: causeJson })),
  windows: z.array(
    z.object({
      window: z.string(),
      from: instantJson,
      to: instantJson,
      opening_arr_minor: minorJson,
      expansion_arr_minor: minorJson,
      contraction_arr_minor: minorJson,
      churned_arr_minor: minorJson,
      closing_arr_minor: minorJson,
      member_by: attributesJson,
    }),
  ),
  classifications: z.array(
    z.object({
      effective_at: instantJson,
      name: z.string().nullable(),
      attributes: attributesJson,
      known_at: instantJson,
      cause: causeJson,
    }),
  ),
});

export type StatusAnswer = z.output<typeof statusAnswer>;
export type RetentionRowJson = z.output<typeof retentionRow>;
export type MovementJson = z.output<typeof movementJson>;
