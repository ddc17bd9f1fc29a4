/** What all panels have in common: data source, units, colours that every eye tells apart, legend. */

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  LegendDisplayMode,
  LegendPlacement,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DynamicConfigValue,
  type Threshold,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

export const SOURCE = { type: 'prometheus', uid: 'prometheus' };

/** Readable on light and dark. */
export const GAIN = '#0072B2';
export const LOSS = '#B34A00';
export const TOTAL = '#5B6570';
export const NEUTRAL = 'text';

export const RATIO = 'percentunit';
/** The reporting currency of deploy/policy.yaml. With another one change both and write the boards. */
export const MONEY = 'currencyUSD';
export const SECONDS = 's';
export const COUNT = 'short';
export const POINTS = 'suffix: pt';

/** As of deploy/prometheus/rules/retention.yml, which alerts on them. */
export const TARGETS = { nrr: 1.05, grr: 0.9 };

const steps = (...rest: readonly Threshold[]): Builder<ThresholdsConfig> =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...rest]);

/** Orange below the first, nothing said up to the second, blue from there. */
export const goodFrom = (first: number, second: number): Builder<ThresholdsConfig> =>
  steps(
    { value: null, color: LOSS },
    { value: first, color: NEUTRAL },
    { value: second, color: GAIN },
  );

export const badFrom = (bound: number): Builder<ThresholdsConfig> =>
  steps({ value: null, color: NEUTRAL }, { value: bound, color: LOSS });

export const plain = (): Builder<ThresholdsConfig> => steps({ value: null, color: NEUTRAL });

/** Last and least of each series. */
export const legend = (): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(['last', 'min']);

export interface Query {
  readonly name: string;
  readonly expr: string;
}

const query = (refId: string, expr: string): DataqueryBuilder =>
  new DataqueryBuilder().refId(refId).datasource(SOURCE).expr(expr);

const refIdOf = (at: number): string => String.fromCharCode(65 + at);

export const overTime = (queries: readonly Query[]): DataqueryBuilder[] =>
  queries.map(({ name, expr }, at) => query(refIdOf(at), expr).range().legendFormat(name));

export const now = (expr: string): DataqueryBuilder => query('A', expr).instant();

/** Each query is a column; rows are joined by their labels. */
export const columns = (queries: readonly Query[]): DataqueryBuilder[] =>
  queries.map(({ expr }, at) => query(refIdOf(at), expr).instant().format(PromQueryFormat.Table));

/** Columns of `columns` in their order with their names, the time left out. */
export const named = (queries: readonly Query[], first: string) => [
  { id: 'merge', options: {} },
  {
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries(
        [first, ...queries.map((_, at) => `Value #${refIdOf(at)}`)].map((name, at) => [name, at]),
      ),
      renameByName: Object.fromEntries(
        queries.map(({ name }, at) => [`Value #${refIdOf(at)}`, name]),
      ),
    },
  },
];

export const property = (id: string, value: unknown): DynamicConfigValue => ({ id, value });
export const inColour = (colour: string): DynamicConfigValue =>
  property('color', { mode: 'fixed', fixedColor: colour });
