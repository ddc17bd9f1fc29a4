/**
 * The shape of a policy file, setting by setting; docs/CONFIG.md is made from it. What a single
 * value must look like stands in policy-values.ts.
 */

import { DEFAULT_MEMBER_CAP, DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import { z } from 'zod';
import {
  currency,
  dimensionName,
  integer,
  lateness,
  list,
  member,
  one,
  rate,
  source,
  window,
  zone,
} from './policy-values.ts';

/** What docs/CONFIG.md says of a setting. */
export interface SettingInfo {
  readonly about: string;
  readonly wanted: string;
}

export const settings = z.registry<SettingInfo>();

const setting = <T extends z.ZodType>(schema: T, wanted: string, about: string): T => {
  settings.add(schema, { about, wanted });
  return schema;
};

const dimensionObject = z.strictObject(
  {
    name: dimensionName,
    members: list(member, 'a list of member names', 1000).optional(),
    cap: integer(1, 1000).default(DEFAULT_MEMBER_CAP),
  },
  { error: 'a name, or {name, members, cap}' },
);

const dimension = dimensionObject
  .refine(({ members, cap }) => members === undefined || members.length <= cap, {
    path: ['cap'],
    error: 'a cap not below the number of members named',
    when: ({ issues }) => issues.length === 0,
  })
  .transform(({ members, ...rest }) => (members === undefined ? rest : { ...rest, members }));

/** A policy file as written, in snake_case. */
export const policyObject = z.strictObject(
  {
    reporting_currency: setting(
      currency.default(DEFAULT_POLICY.reportingCurrency),
      'a code of ISO 4217',
      'The currency of every figure.',
    ),
    rates: setting(
      z.record(currency, rate, { error: 'an object of code and decimal string' }).default({}),
      'code to exact decimal string',
      'Reporting units for one unit of another currency. One generation has one table, so NRR is in constant currency.',
    ),
    time_zone: setting(
      zone.default(DEFAULT_POLICY.timeZone),
      'a name of the IANA database',
      'Windows and periods go by its calendar.',
    ),
    windows: setting(
      list(window, 'a list of durations', 12)
        .min(1, { error: 'at least one window' })
        .default([...DEFAULT_POLICY.windows]),
      'PnD, PnW, PnM or PnY, at most ten years; 1 to 12 of them',
      'Rolling windows of retention.',
    ),
    dimensions: setting(
      list(
        z.preprocess((entry) => (typeof entry === 'string' ? { name: entry } : entry), dimension),
        'a list of names or of {name, members, cap}',
        20,
      ).default([]),
      'a name, or {name, members, cap}; up to 20 of them',
      `Customer attributes by which figures are split. Gauges name \`members\`, else the largest by ARR, at most \`cap\` (1 to 1000, default ${DEFAULT_MEMBER_CAP}) of them, and sum up the rest as \`other\`.`,
    ),
    past_due: setting(
      one('count', 'exclude').default(DEFAULT_POLICY.pastDue),
      '`count` or `exclude`',
      'Whether a subscription with an unpaid bill counts.',
    ),
    paused: setting(
      one('count', 'exclude').default(DEFAULT_POLICY.paused),
      '`count` or `exclude`',
      'Whether a paused subscription counts.',
    ),
    usage: setting(
      one('include', 'exclude').default(DEFAULT_POLICY.usage),
      '`include` or `exclude`',
      'Whether items billed by usage count.',
    ),
    lateness: setting(
      lateness.default(DEFAULT_POLICY.lateness),
      'PnD, PnW, PnM or PnY, at most ten years',
      'How much later than the longest window a record may come and still be placed exactly.',
    ),
    sources: setting(
      list(source, 'a list of sources', 100).default([]),
      'names of sources, up to 100',
      'Ranking of sources that disagree on an attribute, the highest first.',
    ),
  },
  { error: 'an object of settings' },
);

const currencies = policyObject.pick({ reporting_currency: true, rates: true }).strip();

export const policySchema = policyObject
  .refine(({ reporting_currency: own, rates }) => Number(rates[own] ?? '1') === 1, {
    path: ['rates'],
    error: 'no rate of the reporting currency itself other than "1"',
    when: ({ value }) => currencies.safeParse(value).success,
  })
  .transform(
    (file): Policy => ({
      reportingCurrency: file.reporting_currency,
      rates: file.rates,
      timeZone: file.time_zone,
      windows: file.windows,
      dimensions: file.dimensions,
      pastDue: file.past_due,
      paused: file.paused,
      usage: file.usage,
      lateness: file.lateness,
      sources: file.sources,
    }),
  );

/** Keys that an object at this path of the file may have. */
export const keysAt = (path: readonly PropertyKey[]): readonly string[] =>
  Object.keys(path[0] === 'dimensions' ? dimensionObject.shape : policyObject.shape);
