/** Ways from board to board, and to the console at an instant; time and variables go along. */

import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type DashboardLinkBuilder as LinkBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';

export const TAG = 'holdfast';
export const BOARDS = {
  retention: 'holdfast-retention',
  movements: 'holdfast-movements',
  owners: 'holdfast-owners',
  pipeline: 'holdfast-pipeline',
} as const;

const link = (title: string, url: string): LinkBuilder =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url);

export const toBoards = (): LinkBuilder =>
  new DashboardLinkBuilder('Boards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .includeVars(true)
    .keepTime(true);

/** The console as of the end of what the board shows. */
export const toConsole = (): LinkBuilder =>
  link('Console at this instant', `$console/?window=$window&as_of=\${__to:date:iso}`).targetBlank(
    true,
  );

/** From a point of a line: the console as of that instant. */
export const pointToConsole = (): LinkBuilder =>
  link(
    'Console at this instant',
    `$console/?window=$window&as_of=\${__value.time:date:iso}`,
  ).targetBlank(true);

/** From the row of a member: the board of retention for that member only. */
export const memberToBoard = (dimension: string): LinkBuilder =>
  link(
    'Only this member',
    `/d/${BOARDS.retention}?\${__url_time_range}&var-window=$window&var-console=$console&var-dimension=${dimension}&var-member=\${__data.fields.member}`,
  );

/** From the row of a member: the console for that member, as of the end of what is shown. */
export const memberToConsole = (dimension: string): LinkBuilder =>
  link(
    'Its customers in the console',
    `$console/?window=$window&by=${dimension}&member=\${__data.fields.member}&as_of=\${__to:date:iso}`,
  ).targetBlank(true);
