/**
 * A file of events into Kafka, in the file's order for each customer. What can be read is sent,
 * also what the processor will dead-letter.
 */

import type { World } from '@holdfast/command/world.ts';
import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { kafkaClient } from '@holdfast/kafka/client.ts';
import {
  type KafkaProducer,
  kafkaProducer,
  type ProducedRecord,
} from '@holdfast/kafka/producer.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { registerChanges } from '@holdfast/service/registry.ts';
import { readRecords } from './events.ts';

export interface Target {
  readonly brokers: readonly string[];
  /** Base of the registry's Confluent API. */
  readonly registryUrl: string;
  readonly topic: string;
}

export interface Sent {
  readonly lines: number;
  /** Lines that could not be read and were left out. */
  readonly bad: number;
}

const CLIENT_ID = 'holdfast-produce';
/** At least, so that round trips are few. */
const RECORDS_A_SEND = 2_000;

/** Throws `bad_file`, `topic_missing`, `registry_unavailable`, `output_unavailable`. */
export async function produceFile(
  world: World,
  path: string,
  { brokers, registryUrl, topic }: Target,
): Promise<Sent> {
  const registry = schemaRegistry({ url: registryUrl, clientId: CLIENT_ID });
  const encode = avroChangeEncoder(await registerChanges(registry, topic));
  // What kafkajs says on its way is tried again; what can't be helped is thrown at us.
  const kafka = kafkaClient({ brokers, clientId: CLIENT_ID, log: () => {} });
  const producer = kafkaProducer({ kafka, compression: 'gzip' });
  let [lines, bad] = [0, 0];
  try {
    let waiting: ProducedRecord[] = [];
    for await (const records of readRecords(world, path)) {
      for (const { event } of records) {
        lines += 1;
        if (isRejection(event)) bad += 1;
        else waiting.push(messageOf(event, encode));
      }
      if (waiting.length < RECORDS_A_SEND) continue;
      await send(producer, topic, waiting);
      waiting = [];
    }
    await send(producer, topic, waiting);
  } finally {
    await producer.close();
  }
  return { lines, bad };
}

const messageOf = (
  record: ChangeRecord,
  encode: (record: ChangeRecord) => Uint8Array,
): ProducedRecord => ({
  key: Buffer.from(record.customerId),
  value: encode(record),
  // Kafka knows no time before 1970; such a record is dead-lettered anyway.
  timestamp: Math.max(record.recordedAt, 0),
});

/** Whoever gave up in doubt may call again. Throws `topic_missing` and `output_unavailable`. */
async function send(
  producer: KafkaProducer,
  topic: string,
  records: readonly ProducedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  try {
    await producer.produce(topic, records);
  } catch (cause) {
    if (!isHoldfastError(cause, 'publish_in_doubt')) throw cause;
    const next = 'produce the whole file again: what is there twice changes nothing';
    throw new HoldfastError('output_unavailable', `${cause.message}; ${next}`, { cause });
  }
}
