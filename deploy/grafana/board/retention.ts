/** Retention: where it stands, what moved, since when, and whose it is. */

import { type DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { RETENTION } from '@holdfast/telemetry/retention-definitions.ts';
import { board } from './frame.ts';
import { BOARDS, memberToBoard, memberToConsole } from './links.ts';
import {
  badFrom,
  COUNT,
  GAIN,
  goodFrom,
  inColour,
  LOSS,
  MONEY,
  POINTS,
  property,
  RATIO,
  SECONDS,
  TARGETS,
  TOTAL,
} from './look.ts';
import { bars, categories, lines, stat, table } from './panels.ts';
import { AGE, byMember, CHOSEN, CHOSEN_NOW, grrOf, logoOf, nrrOf, once, sumOf } from './queries.ts';

const POINT = 'Window $window, definition point_to_point.';

const NOW = [
  stat({
    title: 'NRR',
    about: `Closing over opening ARR of the customers that had ARR just before the window. ${POINT} Orange below 100 %, blue from the target.`,
    unit: RATIO,
    decimals: 1,
    width: 4,
    expr: nrrOf(CHOSEN),
    thresholds: goodFrom(1, TARGETS.nrr),
  }),
  stat({
    title: 'NRR on a month before',
    about: `Points gained or lost since 30 days ago. ${POINT}`,
    unit: POINTS,
    decimals: 1,
    width: 4,
    expr: `100 * (${nrrOf(CHOSEN)} - ${nrrOf(CHOSEN, '30d')})`,
    thresholds: goodFrom(0, 0),
  }),
  stat({
    title: 'GRR',
    about: `Opening ARR less contraction and churn, over opening ARR. ${POINT} Orange below 85 %, blue from the target.`,
    unit: RATIO,
    decimals: 1,
    width: 4,
    expr: grrOf(CHOSEN),
    thresholds: goodFrom(0.85, TARGETS.grr),
  }),
  stat({
    title: 'Customers kept',
    about: `Customers that had ARR just before the window and have some now, over all that had. ${POINT}`,
    unit: RATIO,
    decimals: 1,
    width: 4,
    expr: logoOf(CHOSEN),
  }),
  stat({
    title: 'ARR',
    about: 'Of all customers now, also of those won within the window.',
    unit: MONEY,
    decimals: 1,
    width: 4,
    expr: sumOf('arr', CHOSEN_NOW),
  }),
  stat({
    title: 'Age of the figures',
    about: 'A figure older than a minute is not shown at all.',
    unit: SECONDS,
    width: 4,
    expr: AGE,
    thresholds: badFrom(60),
  }),
];

/** One bar of the waterfall: the steps' names sort as they stand. */
const step = (name: string, expr: string): string =>
  `label_replace(${expr}, "step", "${name}", "", "")`;

const opening = sumOf('opening', CHOSEN);
const churned = sumOf('churned', CHOSEN);
const contraction = sumOf('contraction', CHOSEN);
const rest = `${opening} - ${churned} - ${contraction}`;

/** Each part stands on what is left; that base is not drawn. */
const WATERFALL = [
  {
    name: 'Base',
    expr: [
      step('2 Churn', `(${opening} - ${churned})`),
      step('3 Contraction', `(${rest})`),
      step('4 Expansion', `(${rest})`),
    ].join(' or '),
  },
  {
    name: 'Total',
    expr: `${step('1 Opening', opening)} or ${step('5 Closing', sumOf('closing', CHOSEN))}`,
  },
  {
    name: 'Loss',
    expr: `${step('2 Churn', churned)} or ${step('3 Contraction', contraction)}`,
  },
  { name: 'Gain', expr: step('4 Expansion', sumOf('expansion', CHOSEN)) },
];

const WHY = [
  categories({
    title: 'Why: from opening to closing',
    about: `Opening less churn and contraction, and expansion, is closing; NRR is closing over opening. ${POINT}`,
    unit: MONEY,
    width: 12,
    first: 'step',
    queries: WATERFALL,
    stacked: true,
  })
    .overrideByName('Base', [
      inColour('transparent'),
      property('custom.fillOpacity', 0),
      property('custom.hideFrom', { tooltip: true, legend: true, viz: false }),
    ])
    .overrideByName('Total', [inColour(TOTAL)])
    .overrideByName('Loss', [inColour(LOSS)])
    .overrideByName('Gain', [inColour(GAIN)]),
  bars({
    title: 'Why: parts of the window',
    about: `Which part moved? Expansion that leaves the window is no loss. ${POINT}`,
    unit: MONEY,
    width: 12,
    interval: '1m',
    queries: [
      { name: 'Expansion', expr: sumOf('expansion', CHOSEN) },
      { name: 'Contraction', expr: `-${contraction}` },
      { name: 'Churned', expr: `-${churned}` },
    ],
  })
    .height(9)
    .overrideByName('Expansion', [inColour(GAIN)])
    .overrideByName('Contraction', [inColour(LOSS), property('custom.fillOpacity', 30)])
    .overrideByName('Churned', [inColour(LOSS)]),
];

const TIME = [
  lines({
    title: 'NRR and GRR',
    about: `${POINT} The targets are those that alerts go by; they are of P12M.`,
    unit: RATIO,
    decimals: 1,
    width: 12,
    queries: [
      { name: 'NRR', expr: nrrOf(CHOSEN) },
      { name: 'GRR', expr: grrOf(CHOSEN) },
      { name: 'NRR target', expr: 'holdfast:net_revenue_retention:target' },
      { name: 'GRR target', expr: 'holdfast:gross_revenue_retention:target' },
    ],
  })
    .overrideByName('GRR', [property('custom.lineStyle', { fill: 'dash', dash: [10, 10] })])
    .overrideByRegexp('.*target', [
      property('custom.lineStyle', { fill: 'dot', dash: [0, 10] }),
      inColour(TOTAL),
    ]),
  lines({
    title: 'NRR now, a month and a year before',
    about: `The same line, moved by 30 and by 365 days. ${POINT}`,
    unit: RATIO,
    decimals: 1,
    width: 12,
    queries: [
      { name: 'Now', expr: nrrOf(CHOSEN) },
      { name: 'A month before', expr: nrrOf(CHOSEN, '30d') },
      { name: 'A year before', expr: nrrOf(CHOSEN, '365d') },
    ],
  }),
];

const chosen = (part: 'opening' | 'closing' | 'contraction' | 'churned') => byMember(part, CHOSEN);

const MEMBERS = [
  table({
    title: 'By $dimension',
    about: `A ratio of a small base moves easily: its base stands beside it. ${POINT}`,
    unit: COUNT,
    width: 24,
    first: 'member',
    sortBy: 'Opening ARR',
    links: [memberToBoard('$dimension'), memberToConsole('$dimension')],
    queries: [
      { name: 'Opening ARR', unit: MONEY, decimals: 0, expr: chosen('opening') },
      { name: 'Customers', unit: COUNT, decimals: 0, expr: byMember('openingCustomers', CHOSEN) },
      {
        name: 'NRR',
        unit: RATIO,
        decimals: 1,
        expr: `${chosen('closing')} / (${chosen('opening')} > 0)`,
      },
      {
        name: 'GRR',
        unit: RATIO,
        decimals: 1,
        expr: `(${chosen('opening')} - ${chosen('contraction')} - ${chosen('churned')}) / (${chosen('opening')} > 0)`,
      },
      {
        name: 'Customers kept',
        unit: RATIO,
        decimals: 1,
        expr: `${byMember('retainedCustomers', CHOSEN)} / (${byMember('openingCustomers', CHOSEN)} > 0)`,
      },
      { name: 'ARR now', unit: MONEY, decimals: 0, expr: byMember('arr', CHOSEN_NOW) },
    ],
  }),
];

const TRUST = [
  stat({
    title: 'Trusted',
    about: 'Yes: fresh, caught up, and input arrives. Alerts on revenue speak only then.',
    unit: 'bool_yes_no',
    width: 8,
    expr: 'holdfast:trusted',
    thresholds: goodFrom(0, 1),
  }),
  stat({
    title: 'Share of records refused',
    about: 'Of all input records so far; the board Pipeline health says why.',
    unit: RATIO,
    decimals: 2,
    width: 8,
    expr: `max(${RETENTION.deadLetterRatio.name})`,
    thresholds: badFrom(0.01),
  }),
  stat({
    title: 'Customers without $dimension',
    about: 'With ARR, but no source says which member they are.',
    unit: COUNT,
    width: 8,
    expr: `max(${once(RETENTION.withoutAttribute, { dimension: '$dimension' })})`,
  }),
];

export const retentionBoard = (): DashboardBuilder => {
  const built = board(
    BOARDS.retention,
    'retention',
    'NRR and GRR now, why, since when, and of which customers.',
    { byMember: true },
  );
  const rows = { Now: NOW, Why: WHY, Time: TIME, Members: MEMBERS, 'Can it be trusted': TRUST };
  for (const [title, panels] of Object.entries(rows)) {
    built.withRow(new RowBuilder(title));
    for (const panel of panels) built.withPanel(panel);
  }
  return built;
};
