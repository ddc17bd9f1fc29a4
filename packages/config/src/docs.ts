/**
 * docs/CONFIG.md and docs/ERRORS.md, made from the schemas and from the list of errors, so that
 * they can't be wrong. Makes texts only; docs-main.ts writes them, a test compares them.
 */

import { ERRORS } from '@holdfast/domain/errors.ts';
import { policyObject, settings } from './policy-schema.ts';
import { variablesOf } from './read.ts';
import { serviceSchemas } from './services.ts';
import type { VariableInfo } from './variable.ts';

/** A text as a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const code = (text: string): string => `\`${text}\``;

type Schemas = ReturnType<typeof serviceSchemas>;
type Section = { [Name in keyof Schemas]: keyof Schemas[Name]['shape'] }[keyof Schemas];

const HEADINGS = {
  kafka: 'Kafka',
  topics: 'Topics',
  registry: 'Schema registry',
  redis: 'Redis',
  identity: 'Identity',
  http: 'HTTP',
  publishing: 'Publishing',
  limits: 'Limits',
  ledger: 'Ledger',
  setup: 'Set-up',
  run: 'Run',
} as const satisfies Record<Section, string>;

/** Documentation reads no file. */
const noFiles = (path: string): never => {
  throw new Error(`docs read no file: ${path}`);
};

interface Use {
  readonly service: string;
  readonly section: string;
  readonly info: VariableInfo;
}

const schemas = serviceSchemas(noFiles);
const serviceCount = Object.keys(schemas).length;

const uses: readonly Use[] = Object.entries(schemas).flatMap(([service, schema]) =>
  variablesOf(schema).map(({ path, info }) => ({ service, section: path[0] ?? '', info })),
);

const fallback = (info: VariableInfo): string => {
  if (info.required) return 'must be set';
  return info.fallback === undefined ? 'none' : code(info.fallback);
};

/** One cell for all services where they agree, else one part for each. */
const byService = (all: readonly Use[], cellOf: (info: VariableInfo) => string): string => {
  const cells = new Set(all.map(({ info }) => cellOf(info)));
  return cells.size === 1
    ? ([...cells][0] ?? '')
    : all.map(({ service, info }) => `${service} ${cellOf(info)}`).join(', ');
};

const variableRow = (name: string): readonly string[] => {
  const all = uses.filter(({ info }) => info.name === name);
  const info = all[0]?.info;
  if (info === undefined) throw new TypeError(`no variable ${name}`);
  const needs = (info.needs ?? []).map(code).join(' and ');
  return [
    code(name),
    byService(all, fallback),
    info.wanted,
    needs === '' ? info.about : `${info.about} Needs ${needs}.`,
    all.length === serviceCount ? 'all' : all.map(({ service }) => service).join(', '),
  ];
};

const section = ([key, heading]: readonly [string, string]): string => {
  const names = new Set(uses.filter((use) => use.section === key).map(({ info }) => info.name));
  const head = ['variable', 'when not set', 'value', 'what it is for', 'read by'];
  return `### ${heading}\n${table(head, [...names].map(variableRow))}`;
};

const policyRow = ([name, schema]: readonly [string, (typeof policyObject.shape)[PolicyKey]]) => {
  const info = settings.get(schema);
  if (info === undefined) throw new TypeError(`no words for ${name}`);
  return [code(name), code(JSON.stringify(schema.parse(undefined))), info.wanted, info.about];
};

type PolicyKey = keyof typeof policyObject.shape;

/** An example that a test reads back. */
export const POLICY_EXAMPLE = `reporting_currency: USD
rates:
  EUR: "1.10"
  JPY: "0.0066"
time_zone: Europe/Berlin
windows: [P1M, P3M, P12M]
dimensions:
  - segment
  - name: owner
    cap: 100
  - name: region
    members: [emea, americas, apac]
lateness: P90D
sources: [crm, billing]
`;

const MADE = '<!-- Made by packages/config/src/docs-main.ts; do not edit. -->';

export const configDocs = (): string => `${MADE}
# Configuration
A service reads environment variables and, where one names it, a policy file. It checks all of it
before it connects to anything: every mistake is printed, one line each, and the exit code is 2. An
empty variable is one that is not set. A variable that begins with \`HOLDFAST_\` and is not listed
here is a mistake.

## Environment
${Object.entries(HEADINGS).map(section).join('\n\n')}

## Policy file
The rules that a company chooses once for its figures, JSON or YAML by the file's name. Settings
that are left out have their default; a setting that is not listed is a mistake.

${table(['setting', 'default', 'value', 'what it decides'], Object.entries(policyObject.shape).map(policyRow))}

\`\`\`yaml
${POLICY_EXAMPLE}\`\`\`

A change of anything but \`members\` and \`cap\` changes stored figures: a live projection refuses it
(\`policy_changed\`, see ERRORS.md) until it is rebuilt into a new generation.
`;

export const errorDocs =
  (): string => `${MADE.replace('edit', 'edit (the list is packages/domain/src/errors.ts)')}
# Errors
Every error that Holdfast raises on purpose. \`retry\`: whether the same call may succeed later with
nothing changed; services then keep trying by themselves.

${table(
  ['code', 'what happened', 'retry', 'what to do'],
  Object.entries(ERRORS).map(([name, kind]) => [
    code(name),
    kind.summary,
    kind.retry ? 'yes' : 'no',
    kind.action,
  ]),
)}
`;
