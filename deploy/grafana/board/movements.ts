/** Movements: what came and went. Which customers and why is the console's: no metric names one. */

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { RETENTION } from '@holdfast/telemetry/retention-definitions.ts';
import { board } from './frame.ts';
import { BOARDS } from './links.ts';
import { badFrom, COUNT, GAIN, inColour, LOSS, MONEY, property, RATIO } from './look.ts';
import { bars, lines, stat } from './panels.ts';
import { once, rise, sumOf } from './queries.ts';

const ALL = { dimension: 'all' };
const WINDOW = { window: '$window', dimension: 'all' };
const GAINS = { movement: '=~new|expansion|reactivation' };
const LOSSES = { movement: '=~contraction|churn' };
const RANGE = '$__range';

const rose = (range: string, filters: Readonly<Record<string, string>>): string =>
  rise(RETENTION.movements, 'movement', range, filters);
const loss = sumOf('largestLoss', { window: '$window' });

const PANELS = [
  stat({
    title: 'ARR',
    about: 'Of all customers now.',
    unit: MONEY,
    decimals: 1,
    width: 4,
    expr: sumOf('arr', ALL),
  }),
  stat({
    title: 'Customers',
    about: 'With ARR above 0.',
    unit: COUNT,
    width: 4,
    expr: sumOf('customers', ALL),
  }),
  stat({
    title: 'Gained in this time, about',
    about:
      'New, expansion and reactivation asserted within what the board shows; Prometheus estimates it between scrapes.',
    unit: MONEY,
    decimals: 1,
    width: 4,
    expr: `sum(${rose(RANGE, GAINS)})`,
  }),
  stat({
    title: 'Lost in this time, about',
    about:
      'Contraction and churn asserted within what the board shows; Prometheus estimates it between scrapes.',
    unit: MONEY,
    decimals: 1,
    width: 4,
    expr: `-sum(${rose(RANGE, LOSSES)})`,
  }),
  stat({
    title: 'Greatest loss of one customer',
    about: 'Within the window $window. Who it is: the console.',
    unit: MONEY,
    decimals: 1,
    width: 4,
    expr: loss,
  }),
  stat({
    title: 'Its share of opening ARR',
    about: 'Within the window $window. An alert goes by P1M and a fiftieth.',
    unit: RATIO,
    decimals: 1,
    width: 4,
    expr: `${loss} / (${sumOf('opening', WINDOW)} > 0)`,
    thresholds: badFrom(0.02),
  }),
  bars({
    title: 'ARR moved, about',
    about:
      'Asserted within each bar, gains up and losses down. A movement that was corrected since is still in it; the console has what holds.',
    unit: MONEY,
    width: 24,
    interval: '5m',
    queries: [
      { name: '{{movement}}', expr: rose('$__interval', GAINS) },
      { name: '{{movement}}', expr: `-${rose('$__interval', LOSSES)}` },
    ],
  })
    .overrideByRegexp('new|expansion|reactivation', [inColour(GAIN)])
    .overrideByName('expansion', [inColour(GAIN), property('custom.fillOpacity', 40)])
    .overrideByName('churn', [inColour(LOSS)])
    .overrideByName('contraction', [inColour(LOSS), property('custom.fillOpacity', 30)]),
  lines({
    title: 'ARR over time',
    about: 'Of all customers.',
    unit: MONEY,
    width: 12,
    queries: [{ name: 'ARR', expr: sumOf('arr', ALL) }],
  }),
  lines({
    title: 'Greatest loss of one customer over time',
    about: 'By window; it falls when that loss leaves the window or the customer comes back.',
    unit: MONEY,
    width: 12,
    queries: [{ name: '{{window}}', expr: `max by (window) (${once(RETENTION.largestLoss)})` }],
  }),
];

export const movementsBoard = (): DashboardBuilder => {
  const built = board(
    BOARDS.movements,
    'movements',
    'ARR gained and lost. Customers, drivers and events stand in the console: no metric names a customer.',
    { byMember: false },
  );
  for (const panel of PANELS) built.withPanel(panel);
  return built;
};
