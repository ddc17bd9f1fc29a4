/**
 * Every metric that an expression may name, with its labels: ours by their definitions, what the
 * rules record, and what Prometheus makes itself.
 */

import type { MetricDefinition } from '@holdfast/telemetry/definition.ts';
import { LEDGER } from '@holdfast/telemetry/ledger-metrics.ts';
import { PIPELINE } from '@holdfast/telemetry/pipeline-metrics.ts';
import { RETENTION } from '@holdfast/telemetry/retention-definitions.ts';
import { readsOf } from './promql.ts';
import { ruleFiles, rulesIn } from './rules.ts';

/** What a scrape adds. */
const TARGET = ['job', 'instance'];

const seriesOf = ({ name, type, labels }: MetricDefinition): [string, readonly string[]][] =>
  type === 'histogram'
    ? [
        [`${name}_bucket`, [...labels, ...TARGET, 'le']],
        [`${name}_sum`, [...labels, ...TARGET]],
        [`${name}_count`, [...labels, ...TARGET]],
      ]
    : [[name, [...labels, ...TARGET]]];

const OURS = [RETENTION, PIPELINE, LEDGER]
  .flatMap((definitions): MetricDefinition[] => Object.values(definitions))
  .flatMap(seriesOf);

/** A recorded series has, of its labels, those that its expression groups by. */
const RECORDED = Object.values(ruleFiles())
  .flatMap(rulesIn)
  .flatMap(({ record, expr }): [string, readonly string[]][] =>
    record === undefined ? [] : [[record, readsOf(expr).grouping]],
  );

const KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ...OURS,
  ...RECORDED,
  ['up', TARGET],
  ['ALERTS', ['alertname', 'alertstate', 'severity', 'team']],
]);

const LABELS: ReadonlySet<string> = new Set([...KNOWN.values()].flat());

/** What an expression names that there is not; empty: all of it is there. */
export const unknownIn = (expression: string): readonly string[] => {
  const { selectors, grouping } = readsOf(expression);
  const inSelectors = selectors.flatMap(({ metric, labels }) => {
    const known = KNOWN.get(metric);
    if (known === undefined) return [metric];
    return labels.filter((label) => !known.includes(label)).map((label) => `${metric}{${label}}`);
  });
  return [...inSelectors, ...grouping.filter((label) => !LABELS.has(label))];
};
