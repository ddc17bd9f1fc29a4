/**
 * The PromQL of the boards. Everything is a sum, so that members roll up: ratios are quotients of
 * sums, never means. Several exporters show the same, so each series is taken once.
 */

import type { MetricDefinition } from '@holdfast/telemetry/definition.ts';
import { PIPELINE } from '@holdfast/telemetry/pipeline-metrics.ts';
import { RETENTION } from '@holdfast/telemetry/retention-definitions.ts';

type Filters = Readonly<Record<string, string>>;

const matchers = (filters: Filters): string => {
  const text = Object.entries(filters).map(([label, value]) =>
    value.startsWith('=~') ? `${label}=~"${value.slice(2)}"` : `${label}="${value}"`,
  );
  return text.length === 0 ? '' : `{${text.join(',')}}`;
};

/** A series of the exporters, taken once; `past` is an offset such as 30d. */
export const once = ({ name }: MetricDefinition, filters: Filters = {}, past?: string): string =>
  `max without (instance) (${name}${matchers(filters)}${past === undefined ? '' : ` offset ${past}`})`;

/** What the variables of a board choose. */
export const CHOSEN = { window: '$window', dimension: '$dimension', member: '=~$member' };
/** The same members now, outside of any window. */
export const CHOSEN_NOW = { dimension: '$dimension', member: '=~$member' };

type Part = keyof typeof RETENTION;

export const sumOf = (part: Part, filters: Filters, past?: string): string =>
  `sum(${once(RETENTION[part], filters, past)})`;

const quotient = (over: string, under: string): string => `${over} / (${under} > 0)`;

export const nrrOf = (filters: Filters, past?: string): string =>
  quotient(sumOf('closing', filters, past), sumOf('opening', filters, past));

export const grrOf = (filters: Filters): string =>
  quotient(
    `(${sumOf('opening', filters)} - ${sumOf('contraction', filters)} - ${sumOf('churned', filters)})`,
    sumOf('opening', filters),
  );

export const logoOf = (filters: Filters): string =>
  quotient(sumOf('retainedCustomers', filters), sumOf('openingCustomers', filters));

/** One row for each member. */
export const byMember = (part: Part, filters: Filters): string =>
  `sum by (member) (${once(RETENTION[part], filters)})`;

/** How much a counter rose, taken over the greatest of several exporters. */
export const rise = (
  { name }: MetricDefinition,
  by: string,
  range: string,
  filters: Filters = {},
): string =>
  `sum by (${by}) (max without (instance) (increase(${name}${matchers(filters)}[${range}])))`;

export const rate = ({ name }: MetricDefinition, by: string): string =>
  `sum by (${by}) (max without (instance) (rate(${name}[$__rate_interval])))`;

export const processors = ({ name }: MetricDefinition): string => `sum(${name})`;

/** Absent, not NaN, where nothing was measured meanwhile. */
export const percentile = (of: number, { name }: MetricDefinition, by = 'le'): string =>
  `histogram_quantile(${of}, sum by (${by}) (rate(${name}_bucket[$__rate_interval]))) >= 0`;

export const AGE = `time() - min(${RETENTION.asOf.name})`;
export const FENCED = `sum(increase(${PIPELINE.fenced.name}[$__rate_interval]))`;
