/**
 * Topics and schemas, once before the first start: for the local stack, and for operators whose
 * platform does not make topics in a way of its own. Never alters what is there.
 */

import type { SetupConfig } from '@holdfast/config/services.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import { clockOf } from '@holdfast/service/clock.ts';
import { kafkaOf } from '@holdfast/service/kafka.ts';
import { keepTrying, type Patience } from '@holdfast/service/keep-trying.ts';
import {
  registerChanges,
  registerDeltas,
  registerMetrics,
  registryOf,
} from '@holdfast/service/registry.ts';
import type { ServiceTools } from '@holdfast/service/run.ts';

export async function runSetup(config: SetupConfig, { log, stop }: ServiceTools): Promise<void> {
  const { topics, setup } = config;
  const patience: Patience = {
    clock: clockOf({ kind: 'wall' }, Date.now),
    stop,
    waitingFor: (error) => {
      if (error !== null) log.warn(error.message, { code: error.code });
    },
  };
  const kafka = kafkaOf(config.kafka, 'setup', log);
  const { partitions } = setup;
  await keepTrying(patience, () => ensureTopics({ kafka, topics, partitions }));
  log.info('the topics are there', { topics: Object.values(topics) });

  const registry = registryOf(config.registry, 'setup');
  await keepTrying(patience, () => registerChanges(registry, topics.changes));
  await keepTrying(patience, () => registerDeltas(registry, topics.deltas));
  await keepTrying(patience, () => registerMetrics(registry, topics.metrics));
  log.info('the schemas are there');
}
