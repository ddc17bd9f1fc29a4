/** The kinds of panels that the boards are made of. Sizes in Grafana's grid of 24 columns. */

import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueGraphMode,
  GraphDrawStyle,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import type {
  DashboardLinkBuilder,
  ThresholdsConfig,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { pointToConsole } from './links.ts';
import {
  columns,
  legend,
  named,
  now,
  overTime,
  plain,
  property,
  type Query,
  SOURCE,
} from './look.ts';

interface Common {
  readonly title: string;
  readonly about: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly width: number;
}

const NOTHING = '-';

/** One figure as it stands. */
export const stat = ({
  title,
  about,
  unit,
  decimals = 0,
  width,
  expr,
  thresholds = plain(),
}: Common & { readonly expr: string; readonly thresholds?: Builder<ThresholdsConfig> }): Stat =>
  new Stat()
    .title(title)
    .description(about)
    .datasource(SOURCE)
    .unit(unit)
    .decimals(decimals)
    .noValue(NOTHING)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds)
    .withTarget(now(expr))
    .span(width)
    .height(4);

/** Lines that are steps, for figures hold until they change; links to the console at each point. */
export const lines = ({
  title,
  about,
  unit,
  decimals,
  width,
  queries,
}: Common & { readonly queries: readonly Query[] }): TimeSeries => {
  const panel = new TimeSeries()
    .title(title)
    .description(about)
    .datasource(SOURCE)
    .unit(unit)
    .noValue(NOTHING)
    .lineInterpolation(LineInterpolation.StepAfter)
    .lineWidth(2)
    .fillOpacity(0)
    .thresholds(plain())
    .legend(legend())
    .dataLinks([pointToConsole()])
    .targets(overTime(queries))
    .span(width)
    .height(8);
  return decimals === undefined ? panel : panel.decimals(decimals);
};

/** Bars over time, losses below zero; each bar is `interval` at least. */
export const bars = (
  panel: Common & { readonly queries: readonly Query[]; readonly interval: string },
): TimeSeries =>
  lines(panel)
    .drawStyle(GraphDrawStyle.Bars)
    .lineInterpolation(LineInterpolation.Linear)
    .fillOpacity(80)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
    .interval(panel.interval);

/** A row for each value of the label `first`, a column for each query. */
export const table = ({
  title,
  about,
  unit,
  width,
  first,
  queries,
  links,
  sortBy,
}: Common & {
  readonly first: string;
  readonly queries: readonly (Query & { readonly unit: string; readonly decimals: number })[];
  readonly links: readonly DashboardLinkBuilder[];
  readonly sortBy: string;
}): Table => {
  const panel = new Table()
    .title(title)
    .description(about)
    .datasource(SOURCE)
    .unit(unit)
    .noValue(NOTHING)
    .thresholds(plain())
    .targets(columns(queries))
    .transformations(named(queries, first))
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)])
    .overrideByName(first, [
      property(
        'links',
        links.map((link) => link.build()),
      ),
    ])
    .span(width)
    .height(9);
  for (const query of queries) {
    panel.overrideByName(query.name, [
      property('unit', query.unit),
      property('decimals', query.decimals),
    ]);
  }
  return panel;
};

/** Bars side by side, one for each value of the label `first`; a query is a series. */
export const categories = ({
  title,
  about,
  unit,
  width,
  first,
  queries,
  stacked = false,
}: Common & {
  readonly first: string;
  readonly queries: readonly Query[];
  readonly stacked?: boolean;
}): BarChart =>
  new BarChart()
    .title(title)
    .description(about)
    .datasource(SOURCE)
    .unit(unit)
    .noValue(NOTHING)
    .thresholds(plain())
    .xField(first)
    .orientation(VizOrientation.Vertical)
    .stacking(stacked ? StackingMode.Normal : StackingMode.None)
    .showValue(VisibilityMode.Auto)
    .legend(new VizLegendOptionsBuilder().showLegend(false))
    .fillOpacity(90)
    .lineWidth(0)
    .targets(columns(queries))
    .transformations(named(queries, first))
    .span(width)
    .height(9);
