/**
 * Figures off a scrape, in the words and units of `holdfast report --json`: money in minor units,
 * each gauge by its name in CONTRACTS.md. Knows nothing of how gauges are made.
 */

import { currencyExponent } from '@holdfast/domain/currency.ts';
import type { Labels, Scrape } from './scrape.ts';

/** Gauges by the field of a report that they show. */
const MONEY = {
  opening_arr_minor: 'holdfast_retention_opening_arr',
  expansion_arr_minor: 'holdfast_retention_expansion_arr',
  contraction_arr_minor: 'holdfast_retention_contraction_arr',
  churned_arr_minor: 'holdfast_retention_churned_arr',
  closing_arr_minor: 'holdfast_retention_closing_arr',
} as const;
const PLAIN = {
  opening_customers: 'holdfast_retention_opening_customers',
  retained_customers: 'holdfast_retention_retained_customers',
  nrr: 'holdfast_net_revenue_retention_ratio',
  grr: 'holdfast_gross_revenue_retention_ratio',
  logo_retention: 'holdfast_customer_retention_ratio',
} as const;

export type Figures = Readonly<Record<string, number | undefined>>;

/** The decimal that a gauge shows in major units, as minor units: exact below 15 digits. */
const minorOf = (major: number | undefined, currency: string): number | undefined => {
  const exponent = currencyExponent(currency);
  if (major === undefined || exponent === undefined) return undefined;
  const minor = Math.round(major * 10 ** exponent);
  if (minor / 10 ** exponent !== major) throw new Error(`${major} ${currency} is no minor unit`);
  return minor;
};

const read = (
  scraped: Scrape,
  names: Readonly<Record<string, string>>,
  labels: Labels,
): [string, number | undefined][] =>
  Object.entries(names).map(([field, name]) => [field, scraped.value(name, labels)]);

/** Retention of one row; a field is undefined where its gauge is absent. */
export const retentionOf = (
  scraped: Scrape,
  currency: string,
  labels: { readonly window: string; readonly dimension: string; readonly member: string },
): Figures => ({
  ...Object.fromEntries(
    read(scraped, MONEY, { ...labels, currency }).map(([field, value]) => [
      field,
      minorOf(value, currency),
    ]),
  ),
  ...Object.fromEntries(read(scraped, PLAIN, labels)),
});

/** ARR now, by the member that customers have now. */
export const presentOf = (
  scraped: Scrape,
  currency: string,
  labels: { readonly dimension: string; readonly member: string },
): Figures => ({
  arr_minor: minorOf(scraped.value('holdfast_arr', { ...labels, currency }), currency),
  customers: scraped.value('holdfast_customers', labels),
});

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Members with a gauge of opening ARR, by name. */
export const openMembersOf = (
  scraped: Scrape,
  window: string,
  dimension: string,
): readonly string[] =>
  scraped
    .series(MONEY.opening_arr_minor)
    .filter(({ labels }) => labels.window === window && labels.dimension === dimension)
    .map(({ labels }) => labels.member ?? '')
    .sort(byText);

/** Every figure of retention and ARR that the scrape shows, in an order of its own. */
export const allFigures = (scraped: Scrape, currency: string): readonly object[] => [
  ...scraped.series(MONEY.opening_arr_minor).map(({ labels }) => {
    const { window = '', dimension = '', member = '' } = labels;
    const row = { window, dimension, member };
    return { ...row, ...retentionOf(scraped, currency, row) };
  }),
  ...scraped.series('holdfast_arr').map(({ labels }) => {
    const { dimension = '', member = '' } = labels;
    const row = { dimension, member };
    return { ...row, ...presentOf(scraped, currency, row) };
  }),
];
