import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import { readToEnd } from '@holdfast/testkit/suites/event-log-harness.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createTopic, testKafka } from '../testing/harness.ts';
import type { Compression } from './compression.ts';
import { ownInput } from './partition-input.ts';
import { partitionFor } from './partitioner.ts';
import { kafkaProducer, type ProducedRecord } from './producer.ts';

const PARTITIONS = 3;

describeWithServices('producer', (services) => {
  const setUp = async (compression: Compression = 'none') => {
    const { kafka } = testKafka(services().bootstrap);
    const topic = uniqueName('topic');
    await createTopic(kafka, topic, PARTITIONS);
    const producer = kafkaProducer({ kafka, compression });
    onTestFinished(() => producer.close());
    const read = async (partition: number): Promise<readonly string[]> => {
      const owned = ownInput(kafka, topic, partition, 128 * 1024);
      onTestFinished(() => owned.end());
      return (await readToEnd(owned.input)).map(({ value }) => Buffer.from(value!).toString());
    };
    return { topic, producer, read };
  };

  const record = (name: string, rest: Partial<ProducedRecord> = {}): ProducedRecord => ({
    key: Buffer.from(name),
    value: Buffer.from(name),
    timestamp: 1_700_000_000_000,
    ...rest,
  });

  test('records go where their keys belong, unless a partition is named', async () => {
    const { topic, producer, read } = await setUp();
    const names = Array.from({ length: 100 }, (_, index) => `customer ${index}`);
    await producer.produce(
      topic,
      names.map((name) => record(name)),
    );
    await producer.produce(topic, [
      record('named', { partition: 2 }),
      record('no key', { key: null }),
    ]);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      expect(await read(partition)).toEqual([
        ...names.filter((name) => partitionFor(Buffer.from(name), PARTITIONS) === partition),
        ...(partition === 2 ? ['named'] : []),
        ...(partition === 0 ? ['no key'] : []),
      ]);
    }
  });

  test.each(['none', 'gzip', 'zstd'] as const)(
    'many records at once keep their order in their partition (%s)',
    async (compression) => {
      const { topic, producer, read } = await setUp(compression);
      const names = Array.from({ length: 20_000 }, (_, index) => `${index} ${'.'.repeat(100)}`);
      const half = names.length / 2;
      const records = names.map((name) => record(name, { partition: 1 }));
      await Promise.all([
        producer.produce(topic, records.slice(0, half)),
        producer.produce(topic, records.slice(half)),
      ]);
      expect(await read(1)).toEqual(names);
    },
  );

  test('a record that the topic refuses fails alone; the producer goes on', async () => {
    const { topic, producer, read } = await setUp();
    await producer.produce(topic, [record('before', { partition: 0 })]);
    const tooLarge = record('too large', { value: Buffer.alloc(5_000_000, 1), partition: 0 });
    await expect(producer.produce(topic, [tooLarge])).rejects.toSatisfy((error) =>
      isHoldfastError(error, 'output_unavailable'),
    );
    await producer.produce(topic, [record('after', { partition: 0 })]);
    expect(await read(0)).toEqual(['before', 'after']);
  });

  test('a topic that does not exist is named', async () => {
    const { producer } = await setUp();
    await expect(producer.produce(uniqueName('missing'), [record('x')])).rejects.toSatisfy(
      (error) => isHoldfastError(error, 'topic_missing'),
    );
  });
});
