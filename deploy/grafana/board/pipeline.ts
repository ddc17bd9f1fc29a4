/** Pipeline health: whether the figures keep up, and where the time goes. */

import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PIPELINE } from '@holdfast/telemetry/pipeline-metrics.ts';
import { RETENTION } from '@holdfast/telemetry/retention-definitions.ts';
import { board } from './frame.ts';
import { BOARDS } from './links.ts';
import { badFrom, COUNT, SECONDS } from './look.ts';
import { bars, lines, stat } from './panels.ts';
import { AGE, FENCED, once, percentile, processors, rate, rise } from './queries.ts';

const EVENTS_A_SECOND = 'eps';
const lag = `sum by (partition) (max by (partition) (${RETENTION.lag.name}))`;

const PANELS = [
  stat({
    title: 'Age of the figures',
    about: 'A figure older than a minute is not shown at all.',
    unit: SECONDS,
    width: 4,
    expr: AGE,
    thresholds: badFrom(60),
  }),
  stat({
    title: 'Newest record',
    about: 'How long ago the newest record of the input was written, by its own timestamp.',
    unit: SECONDS,
    width: 4,
    expr: `time() - max(${RETENTION.lastRecord.name})`,
  }),
  stat({
    title: 'Records that wait',
    about: 'On the input and not folded yet. From 10,000 on figures are not trusted.',
    unit: COUNT,
    width: 4,
    expr: `sum(${lag})`,
    thresholds: badFrom(10_000),
  }),
  stat({
    title: 'Partitions owned',
    about: 'By all processors together; as many as the input has.',
    unit: COUNT,
    width: 4,
    expr: processors(PIPELINE.owned),
  }),
  stat({
    title: 'Partitions that wait',
    about: 'For Redis, Kafka or the registry; nothing is lost meanwhile.',
    unit: COUNT,
    width: 4,
    expr: processors(PIPELINE.blocked),
    thresholds: badFrom(1),
  }),
  stat({
    title: 'Generation',
    about: 'The one whose figures are shown.',
    unit: COUNT,
    width: 4,
    expr: `max by (generation) (${RETENTION.generation.name})`,
  }).textMode(BigValueTextMode.Name),
  lines({
    title: 'Records folded',
    about: 'A second, by what became of them.',
    unit: EVENTS_A_SECOND,
    width: 12,
    queries: [{ name: '{{result}}', expr: rate(RETENTION.events, 'result') }],
  }),
  bars({
    title: 'Dead letters by reason',
    about: 'Records refused within each bar, about.',
    unit: COUNT,
    width: 12,
    interval: '1m',
    queries: [
      { name: '{{reason}}', expr: rise(RETENTION.deadLetters, 'reason', '$__rate_interval') },
    ],
  }),
  lines({
    title: 'Lag by partition',
    about: 'Records not folded yet.',
    unit: COUNT,
    width: 12,
    queries: [{ name: 'partition {{partition}}', expr: lag }],
  }),
  lines({
    title: 'From record to commit',
    about:
      "From a record's timestamp to the commit that it is part of; half of them, and 99 of 100, are quicker.",
    unit: SECONDS,
    width: 12,
    queries: [
      { name: 'p50', expr: percentile(0.5, PIPELINE.eventToCommit) },
      { name: 'p99', expr: percentile(0.99, PIPELINE.eventToCommit) },
    ],
  }),
  lines({
    title: 'Batch time by stage, p99',
    about: 'Commit is Redis, publish is Kafka.',
    unit: SECONDS,
    width: 12,
    queries: [{ name: '{{stage}}', expr: percentile(0.99, PIPELINE.batchSeconds, 'le, stage') }],
  }),
  lines({
    title: 'Partitions and fencing',
    about: 'Partitions owned and waiting, and how often one was taken over by another owner.',
    unit: COUNT,
    width: 12,
    queries: [
      { name: 'owned', expr: processors(PIPELINE.owned) },
      { name: 'waiting', expr: processors(PIPELINE.blocked) },
      { name: 'fenced', expr: FENCED },
    ],
  }),
  lines({
    title: 'Customers without an attribute',
    about: 'With ARR, but no source says which member they are.',
    unit: COUNT,
    width: 12,
    queries: [
      { name: '{{dimension}}', expr: `max by (dimension) (${once(RETENTION.withoutAttribute)})` },
    ],
  }),
  lines({
    title: 'Records for arr-deltas',
    about: 'A second, asserted and retracted.',
    unit: EVENTS_A_SECOND,
    width: 12,
    queries: [
      {
        name: 'deltas',
        expr: `sum(max without (instance) (rate(${RETENTION.deltasPublished.name}[$__rate_interval])))`,
      },
    ],
  }),
];

export const pipelineBoard = (): DashboardBuilder => {
  const built = board(BOARDS.pipeline, 'pipeline health', 'Whether the figures keep up.', {
    byMember: false,
  });
  for (const panel of PANELS) built.withPanel(panel);
  return built;
};
