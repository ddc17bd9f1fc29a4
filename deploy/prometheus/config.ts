/**
 * prometheus.yml and the rules for an installation in which things are elsewhere or go at another
 * pace: the local stack, and tests that can't wait. Whatever is not said stays as the files have it.
 */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ruleFiles } from './rules.ts';

export interface Places {
  /** `host:port` by job; null: there is none of it. */
  readonly targets: Readonly<Record<string, string | null>>;
  /** `host:port`; null: nobody is told of alerts. */
  readonly alertmanager: string | null;
  /** Between two scrapes, and between two evaluations. */
  readonly every?: string;
}

export interface Pace {
  /** The longest normal silence of the input. */
  readonly silence?: string;
  /** How long a sudden dip must last. */
  readonly glance?: string;
  /** How long something must be wrong with the pipeline. */
  readonly patience?: string;
}

interface Config {
  readonly global: { readonly scrape_interval: string; readonly evaluation_interval: string };
  readonly scrape_configs: readonly { readonly job_name: string }[];
}

const read = (): Config =>
  parse(readFileSync(new URL('prometheus.yml', import.meta.url), 'utf8')) as Config;

/** Its rule files lie beside it, by the names of `rulesAt`. */
export const configAt = ({ targets, alertmanager, every }: Places): object => {
  const config = read();
  const told = alertmanager === null ? [] : [{ static_configs: [{ targets: [alertmanager] }] }];
  return {
    ...config,
    global:
      every === undefined ? config.global : { scrape_interval: every, evaluation_interval: every },
    rule_files: Object.keys(ruleFiles()),
    alerting: { alertmanagers: told },
    scrape_configs: config.scrape_configs.flatMap(({ job_name }) => {
      const target = targets[job_name];
      if (target === undefined) throw new TypeError(`no target for ${job_name}`);
      return target === null ? [] : { job_name, static_configs: [{ targets: [target] }] };
    }),
  };
};

/** What the files say of each, all of it together. */
const PLACES = {
  silence: (value: string) => `increase(holdfast_events_total[${value}])`,
  glance: (value: string) => `[${value}]) > 0.01`,
  patience: (value: string) => `for: ${value}\n`,
} as const;
const AS_IT_IS = { silence: '6h', glance: '30s', patience: '1m' } as const;

const KINDS = Object.keys(PLACES) as (keyof typeof PLACES)[];

/** The rule files at another pace. */
export const rulesAt = (pace: Pace): Readonly<Record<string, string>> => {
  const files = ruleFiles();
  for (const kind of KINDS) {
    const said = PLACES[kind](AS_IT_IS[kind]);
    const found = Object.values(files).some((text) => text.includes(said));
    if (!found) throw new TypeError(`no rule says ${said}`);
  }
  const paced = (text: string): string =>
    KINDS.reduce((rest, kind) => {
      const value = pace[kind] ?? AS_IT_IS[kind];
      return rest.replaceAll(PLACES[kind](AS_IT_IS[kind]), PLACES[kind](value));
    }, text);
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, paced(text)]));
};
