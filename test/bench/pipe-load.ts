/** The load of bench:pipe and how it gets onto the topic. */

import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { kafkaClient } from '@holdfast/kafka/client.ts';
import { kafkaProducer } from '@holdfast/kafka/producer.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import { registerChanges } from '@holdfast/service/registry.ts';
import { DEFAULT_MOVING, type WorkloadOptions, workload } from '@holdfast/simulation/workload.ts';

export interface Load {
  readonly events: number;
  readonly customers: number;
  readonly partitions: number;
  /** Share of events that move ARR. */
  readonly moving: number;
}

export const loadOf = (
  events: number,
  customers: number,
  partitions: number,
  moving = DEFAULT_MOVING,
): Load => ({ events, customers, partitions, moving });

export const TOPICS = {
  changes: 'subscription-changes',
  deltas: 'arr-deltas',
  deadLetters: 'subscription-changes.dead-letter',
  metrics: 'retention-metrics',
};

export const clientOf = (bootstrap: string) =>
  kafkaClient({ brokers: bootstrap.split(','), clientId: 'bench', log: () => undefined });

const CHUNK = 20_000;
export const YEAR_MS = 365 * 86_400_000;

/** When the records were made, and who is there before them. */
export type Past = Partial<Pick<WorkloadOptions, 'seed' | 'from' | 'until' | 'known'>>;

/** Resolves when all records are on the topic; without a past those of the last year. */
export async function fillInput(
  load: Load,
  bootstrap: string,
  registryUrl: string,
  past: Past = {},
): Promise<{ readonly bytesPerEvent: number }> {
  const kafka = clientOf(bootstrap);
  await ensureTopics({ kafka, topics: TOPICS, partitions: load.partitions });
  const registry = schemaRegistry({ url: registryUrl, clientId: 'bench' });
  const encode = avroChangeEncoder(await registerChanges(registry, TOPICS.changes));
  const producer = kafkaProducer({ kafka, compression: 'zstd' });
  const until = instant(Date.now());
  const records = workload({
    seed: 1,
    from: instant(until - YEAR_MS),
    until,
    ...past,
    customers: load.customers,
    events: load.events,
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
