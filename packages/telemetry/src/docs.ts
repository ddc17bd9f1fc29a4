/** docs/METRICS.md, made from the definitions that scrapes are made from. Makes a text only. */

import { REJECTION_REASONS } from '@holdfast/domain/rejection.ts';
import type { MetricDefinition } from './definition.ts';
import { LEDGER } from './ledger-metrics.ts';
import { PIPELINE } from './pipeline-metrics.ts';
import { EVENT_RESULTS, RETENTION } from './retention-definitions.ts';

const code = (text: string): string => `\`${text}\``;

const row = ({ name, type, labels, help }: MetricDefinition): string =>
  `| ${code(name)} | ${type} | ${labels.map(code).join(', ') || 'none'} | ${help} |`;

const table = (definitions: Readonly<Record<string, MetricDefinition>>): string =>
  ['| metric | type | labels | what it says |', '| --- | --- | --- | --- |']
    .concat(Object.values(definitions).map(row))
    .join('\n');

const results = Object.entries(EVENT_RESULTS)
  .map(([result, meaning]) => `| ${code(result)} | ${meaning} |`)
  .join('\n');

export const metricDocs =
  (): string => `<!-- Made by packages/telemetry/src/docs-main.ts; do not edit. -->
# Metrics
Every service answers on \`/metrics\` in the Prometheus text format, or in OpenMetrics where the
reader prefers it. Money is in major units of the reporting currency, which stands in the label
\`currency\`. No label ever holds a customer.

## Exporter
Made from what the store keeps exactly once, so that they are the same after any crash. Retention
and ARR are all true at \`holdfast_retention_as_of_timestamp_seconds\`; while that can't be said of
every partition, all of them are absent. A dimension's members beyond its cap are summed up in
\`other\`, customers without the attribute are \`unknown\`, and \`{dimension="all",member="all"}\` is the
total. To roll ratios up, divide sums of \`_closing_arr\` by sums of \`_opening_arr\`; never average them.

${table(RETENTION)}

What \`result\` says of a record:

| result | the record |
| --- | --- |
${results}

\`reason\` is one of ${REJECTION_REASONS.map(code).join(', ')}.

## Processor
What one process does just now; they start at zero with it.

${table(PIPELINE)}

## Ledger
How far it holds \`arr-deltas\`, and how it answers in this process. \`route\` is a path of
\`/openapi.json\`, of a page, or \`none\` for a path that there is not.

${table(LEDGER)}
`;
