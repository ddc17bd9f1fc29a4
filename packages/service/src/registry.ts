/**
 * The registry that a service's configuration names, and our schemas in it: the newest version of
 * each under its topic's subject. Asks nothing by itself.
 */

import type { ProcessorConfig } from '@holdfast/config/services.ts';
import type {
  ChangeWriterIds,
  DeltaWriterIds,
  MetricWriterIds,
} from '@holdfast/contracts/codec.ts';
import { avroName, type RecordName, schemaText } from '@holdfast/contracts/schemas.ts';
import { type Registry, schemaRegistry, subjectOf } from '@holdfast/kafka/registry.ts';

export const registryOf = (
  { url, username, password }: ProcessorConfig['registry'],
  service: string,
): Registry =>
  schemaRegistry({
    url,
    clientId: `holdfast-${service}`,
    ...(username === undefined || password === undefined ? {} : { username, password }),
  });

const register = (registry: Registry, topic: string, record: RecordName): Promise<number> =>
  registry.registerSchema(subjectOf(topic, avroName(record)), schemaText(record));

/** Registers what is not there yet; the ids to write with. Throws what `registerSchema` throws. */
export const registerChanges = async (
  registry: Registry,
  topic: string,
): Promise<ChangeWriterIds> => ({
  subscriptionChanged: await register(registry, topic, 'subscription-changed'),
  customerChanged: await register(registry, topic, 'customer-changed'),
});

/** As `registerChanges`. */
export const registerDeltas = async (
  registry: Registry,
  topic: string,
): Promise<DeltaWriterIds> => ({
  arrDelta: await register(registry, topic, 'arr-delta'),
  customerClassified: await register(registry, topic, 'customer-classified'),
});

/** As `registerChanges`. */
export const registerMetrics = async (
  registry: Registry,
  topic: string,
): Promise<MetricWriterIds> => ({
  retentionMetric: await register(registry, topic, 'retention-metric'),
  partitionProgress: await register(registry, topic, 'partition-progress'),
});
