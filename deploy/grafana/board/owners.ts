/** Owners: whose customers stayed, grew and left. Needs `owner` among the policy's dimensions. */

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './frame.ts';
import { BOARDS, memberToBoard, memberToConsole } from './links.ts';
import { COUNT, inColour, LOSS, MONEY, RATIO } from './look.ts';
import { categories, lines, table } from './panels.ts';
import { byMember } from './queries.ts';

const OWNERS = { window: '$window', dimension: 'owner' };
const POINT =
  'Window $window, definition point_to_point. A customer counts under the owner that it had just before the window.';

const opening = byMember('opening', OWNERS);
const churned = byMember('churned', OWNERS);
const nrr = `${byMember('closing', OWNERS)} / (${opening} > 0)`;
const grr = `(${opening} - ${byMember('contraction', OWNERS)} - ${churned}) / (${opening} > 0)`;
const kept = `${byMember('retainedCustomers', OWNERS)} / (${byMember('openingCustomers', OWNERS)} > 0)`;

const PANELS = [
  table({
    title: 'By owner',
    about: `A ratio of a small base moves easily: its base stands beside it. ${POINT}`,
    unit: COUNT,
    width: 24,
    first: 'member',
    sortBy: 'Opening ARR',
    links: [memberToBoard('owner'), memberToConsole('owner')],
    queries: [
      { name: 'Opening ARR', unit: MONEY, decimals: 0, expr: opening },
      { name: 'Customers', unit: COUNT, decimals: 0, expr: byMember('openingCustomers', OWNERS) },
      { name: 'NRR', unit: RATIO, decimals: 1, expr: nrr },
      { name: 'GRR', unit: RATIO, decimals: 1, expr: grr },
      { name: 'Customers kept', unit: RATIO, decimals: 1, expr: kept },
      { name: 'Churned ARR', unit: MONEY, decimals: 0, expr: churned },
    ],
  }),
  categories({
    title: 'Churned ARR by owner',
    about: POINT,
    unit: MONEY,
    width: 12,
    first: 'member',
    queries: [{ name: 'Churned ARR', expr: `sort_desc(${churned})` }],
  }).overrideByName('Churned ARR', [inColour(LOSS)]),
  lines({
    title: 'NRR by owner',
    about: POINT,
    unit: RATIO,
    decimals: 1,
    width: 12,
    queries: [{ name: '{{member}}', expr: nrr }],
  }).height(9),
];

export const ownersBoard = (): DashboardBuilder => {
  const built = board(BOARDS.owners, 'owners', 'Retention by who answers for the customer.', {
    byMember: false,
  });
  for (const panel of PANELS) built.withPanel(panel);
  return built;
};
