/** What every board has: variables, links, alerts as annotations, time. */

import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { RETENTION } from '@holdfast/telemetry/retention-definitions.ts';
import { type BOARDS, TAG, toBoards, toConsole } from './links.ts';
import { LOSS, SOURCE } from './look.ts';

const OPENING = RETENTION.opening.name;

const variable = (name: string, label: string, query: string, first: string) =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(SOURCE)
    .query({ query, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .current({ text: first, value: first });

const windowVariable = () =>
  variable('window', 'Window', `label_values(${OPENING}, window)`, 'P12M');

const memberVariables = () => [
  variable('dimension', 'Dimension', `label_values(${OPENING}, dimension)`, 'segment'),
  variable('member', 'Member', `label_values(${OPENING}{dimension="$dimension"}, member)`, 'All')
    .current({ text: 'All', value: '$__all' })
    .includeAll(true)
    .multi(true),
];

/** Where links to the console lead; whoever looks may change it. */
const consoleVariable = () =>
  new TextBoxVariableBuilder('console')
    .label('Console')
    .defaultValue('http://localhost:8080')
    .current({ text: 'http://localhost:8080', value: 'http://localhost:8080' });

/** Alerts that fired, on every chart over time. */
const alerts = () =>
  new AnnotationQueryBuilder()
    .name('Alerts')
    .datasource(SOURCE)
    .enable(true)
    .iconColor(LOSS)
    .expr('ALERTS{alertstate="firing",alertname=~"Holdfast.*"}')
    .titleFormat('{{alertname}}')
    .textFormat('{{severity}} {{member}}')
    .tagKeys('severity,team')
    .step('30s');

/** An empty board; `byMember`: with the choice of a dimension's members. */
export const board = (
  uid: (typeof BOARDS)[keyof typeof BOARDS],
  title: string,
  about: string,
  { byMember }: { readonly byMember: boolean },
): DashboardBuilder =>
  new DashboardBuilder(`Holdfast: ${title}`)
    .uid(uid)
    .description(about)
    .tags([TAG])
    .timezone('utc')
    .refresh('10s')
    .time({ from: 'now-6h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([windowVariable(), ...(byMember ? memberVariables() : []), consoleVariable()])
    .annotations([alerts()])
    .links([toBoards(), toConsole()]);
