/** The metrics of the exporter: names and labels of CONTRACTS.md "Gauges", help for whoever reads them. */

import { MOVEMENTS } from '@holdfast/domain/delta.ts';
import type { FoldResult } from '@holdfast/domain/fold.ts';
import { REJECTION_REASONS } from '@holdfast/domain/rejection.ts';
import type { MetricDefinition } from './definition.ts';

const retention = ['window', 'dimension', 'member'];
const money = (...labels: readonly string[]): readonly string[] => [...labels, 'currency'];

const gauge = (name: string, labels: readonly string[], help: string): MetricDefinition => ({
  name: `holdfast_${name}`,
  type: 'gauge',
  labels,
  help,
});

const counter = (name: string, labels: readonly string[], help: string): MetricDefinition => ({
  name: `holdfast_${name}`,
  type: 'counter',
  labels,
  help,
});

/** The definition that all incremental figures have, see docs/SEMANTICS.md. */
const POINT = 'Definition point_to_point.';
const MAJOR = 'Major units of the currency.';

export const RETENTION = {
  nrr: gauge(
    'net_revenue_retention_ratio',
    retention,
    `Closing over opening ARR of the customers that had ARR just before the window. ${POINT} Absent where nothing was open.`,
  ),
  grr: gauge(
    'gross_revenue_retention_ratio',
    retention,
    `Opening ARR less contraction and churn, over opening ARR. ${POINT} Absent where nothing was open.`,
  ),
  logo: gauge(
    'customer_retention_ratio',
    retention,
    `Customers still with ARR over customers that had ARR just before the window. ${POINT} Absent where nothing was open.`,
  ),
  opening: gauge(
    'retention_opening_arr',
    money(...retention),
    `ARR just before the window. ${POINT} ${MAJOR}`,
  ),
  expansion: gauge(
    'retention_expansion_arr',
    money(...retention),
    `ARR gained from customers that had ARR just before the window. ${POINT} ${MAJOR}`,
  ),
  contraction: gauge(
    'retention_contraction_arr',
    money(...retention),
    `ARR lost from customers that stayed, positive. ${POINT} ${MAJOR}`,
  ),
  churned: gauge(
    'retention_churned_arr',
    money(...retention),
    `Opening ARR of customers that have none now, positive. ${POINT} ${MAJOR}`,
  ),
  closing: gauge(
    'retention_closing_arr',
    money(...retention),
    `ARR now of the customers that had ARR just before the window. ${POINT} ${MAJOR}`,
  ),
  openingCustomers: gauge(
    'retention_opening_customers',
    retention,
    `Customers that had ARR just before the window. ${POINT}`,
  ),
  retainedCustomers: gauge(
    'retention_retained_customers',
    retention,
    `Customers that had ARR just before the window and have some now. ${POINT}`,
  ),
  arr: gauge(
    'arr',
    money('dimension', 'member'),
    `Annual recurring revenue of all customers. ${MAJOR}`,
  ),
  customers: gauge('customers', ['dimension', 'member'], 'Customers with ARR above 0.'),
  withoutAttribute: gauge(
    'customers_without_attribute',
    ['dimension'],
    'Customers with ARR above 0 and without this attribute; some of them may be shown under `other`.',
  ),
  asOf: gauge(
    'retention_as_of_timestamp_seconds',
    [],
    'The instant for which retention and ARR are true, seconds since 1970. Absent while they are.',
  ),
  largestLoss: gauge(
    'retention_largest_loss_arr',
    money('window'),
    `The greatest loss of one customer in the window, positive. ${POINT} ${MAJOR}`,
  ),
  generation: gauge('generation_info', ['generation'], 'Always 1; the generation that is shown.'),
  lastRecord: gauge(
    'input_last_record_timestamp_seconds',
    [],
    "Greatest timestamp of the input's records, seconds since 1970.",
  ),
  lag: gauge('input_lag_events', ['partition'], 'Records of the input that are not folded yet.'),
  movements: counter(
    'arr_movement_total',
    money('movement'),
    `ARR moved by movements asserted so far, always positive. ${MAJOR}`,
  ),
  late: counter(
    'arr_late_total',
    money(),
    `ARR moved by movements that became known a day or more after they took effect, positive. ${MAJOR}`,
  ),
  corrected: counter(
    'arr_corrected_total',
    money(),
    `ARR of movements that were retracted, positive. ${MAJOR}`,
  ),
  events: counter('events_total', ['result'], 'Input records by what became of them.'),
  deadLetters: counter('dead_letters_total', ['reason'], 'Input records dead-lettered, by reason.'),
  deadLetterRatio: gauge(
    'dead_letter_ratio',
    [],
    'Share of all input records so far that were dead-lettered. Absent before the first.',
  ),
  deltasPublished: counter(
    'deltas_published_total',
    [],
    'Records for arr-deltas, in force or retracted.',
  ),
} as const satisfies Record<string, MetricDefinition>;

/** What becomes of a record, and what that means. */
export const EVENT_RESULTS: Record<FoldResult | 'dead_letter', string> = {
  applied: 'took its place in the timeline of its customer',
  duplicate: 'was known already',
  overruled: 'a greater version holds from no later on',
  version_tie: 'has the version and recorded_at of another content; the first one stays',
  too_late: 'lies before the edge of what is kept and was applied at that edge',
  dead_letter: "can't be taken; see holdfast_dead_letters_total",
};

/** Members of the labels whose members are known; each has a series from the start. */
export const KNOWN_MEMBERS = {
  result: Object.keys(EVENT_RESULTS),
  reason: REJECTION_REASONS,
  movement: MOVEMENTS,
} as const satisfies Record<string, readonly string[]>;
