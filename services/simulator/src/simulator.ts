/**
 * Writes the story to the input topic: the past in large batches, then each record when its time
 * has come. Says nothing that a billing system would not say.
 */

import type { SimulatorConfig } from '@holdfast/config/services.ts';
import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { kafkaProducer, type ProducedRecord } from '@holdfast/kafka/producer.ts';
import { clockOf } from '@holdfast/service/clock.ts';
import { kafkaOf } from '@holdfast/service/kafka.ts';
import { keepTrying, type Patience } from '@holdfast/service/keep-trying.ts';
import { registerChanges, registryOf } from '@holdfast/service/registry.ts';
import type { ServiceTools } from '@holdfast/service/run.ts';
import { story } from './story.ts';

const BATCH = 2_000;

export async function runSimulator(
  config: SimulatorConfig,
  { log, stop }: ServiceTools,
): Promise<void> {
  const topic = config.topics.changes;
  const clock = clockOf({ kind: 'wall' }, Date.now);
  const patience: Patience = {
    clock,
    stop,
    waitingFor: (error) => {
      if (error !== null) log.warn(error.message, { code: error.code });
    },
  };
  const registry = registryOf(config.registry, 'simulator');
  const encode = avroChangeEncoder(
    await keepTrying(patience, () => registerChanges(registry, topic)),
  );
  const produced = (record: ChangeRecord): ProducedRecord => ({
    key: Buffer.from(record.customerId),
    value: encode(record),
    timestamp: record.recordedAt,
  });
  const kafka = kafkaOf(config.kafka, 'simulator', log);
  const producer = kafkaProducer({ kafka, compression: 'gzip' });
  // Sent again where it is in doubt: a record may come twice.
  const send = (records: readonly ProducedRecord[]): Promise<void> =>
    keepTrying(patience, () => producer.produce(topic, records));

  try {
    let batch: ProducedRecord[] = [];
    let told = 0;
    for (const record of story(instant(clock.now()))) {
      const early = record.recordedAt - clock.now();
      if (batch.length === BATCH || (early > 0 && batch.length > 0)) {
        await send(batch);
        told += batch.length;
        batch = [];
      }
      if (early > 0) {
        if (told > 0) log.info('told what happened so far', { records: told });
        told = 0;
        await clock.wait(early, stop);
        stop.throwIfAborted();
      }
      batch.push(produced(record));
    }
  } finally {
    await producer.close();
  }
}
