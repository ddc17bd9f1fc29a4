/** The load of bench:pipe and how it gets onto the topic. */

import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { kafkaClient } from '@holdfast/kafka/client.ts';
import { kafkaProducer } from '@holdfast/kafka/producer.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import { registerChanges } from '@holdfast/service/registry.ts';
import { DEFAULT_MOVING, workload } from '@holdfast/simulation/workload.ts';

export interface Load {
  readonly events: number;
  readonly customers: number;
  readonly partitions: number;
  /** Share of events that move ARR. */
  readonly moving: number;
}

export const loadOf = (events: number, customers: number, partitions: number): Load => ({
  events,
  customers,
  partitions,
  moving: DEFAULT_MOVING,
});

export const TOPICS = {
  changes: 'subscription-changes',
  deltas: 'arr-deltas',
  deadLetters: 'subscription-changes.dead-letter',
  metrics: 'retention-metrics',
};

export const clientOf = (bootstrap: string) =>
  kafkaClient({ brokers: bootstrap.split(','), clientId: 'bench', log: () => undefined });

const CHUNK = 20_000;
const YEAR_MS = 365 * 86_400_000;

/** Resolves when all records are on the topic. */
export async function fillInput(
  load: Load,
  bootstrap: string,
  registryUrl: string,
): Promise<{ readonly bytesPerEvent: number }> {
  const kafka = clientOf(bootstrap);
  await ensureTopics({ kafka, topics: TOPICS, partitions: load.partitions });
  const registry = schemaRegistry({ url: registryUrl, clientId: 'bench' });
  const encode = avroChangeEncoder(await registerChanges(registry, TOPICS.changes));
  const producer = kafkaProducer({ kafka, compression: 'zstd' });
  const until = instant(Date.now());
  const records = workload({
    seed: 1,
    customers: load.customers,
    events: load.events,
    from: instant(until - YEAR_MS),
    until,
    moving: load.moving,
  });
  let bytes = 0;
  let chunk: { key: Uint8Array; value: Uint8Array; timestamp: number }[] = [];
  for (const record of records) {
    const value = encode(record);
    bytes += value.length;
    chunk.push({ key: Buffer.from(record.customerId), value, timestamp: record.recordedAt });
    if (chunk.length < CHUNK) continue;
    await producer.produce(TOPICS.changes, chunk);
    chunk = [];
  }
  await producer.produce(TOPICS.changes, chunk);
  await producer.close();
  return { bytesPerEvent: bytes / load.events };
}
