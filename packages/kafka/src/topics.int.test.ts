import { setTimeout as sleep } from 'node:timers/promises';
import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { startKafka } from '@holdfast/testkit/launchers/kafka.ts';
import type { Kafka as KafkaServer } from '@holdfast/testkit/launchers/server.ts';
import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createTopic, testKafka } from '../testing/harness.ts';
import { kafkaEventLog } from './event-log.ts';
import { ownInput } from './partition-input.ts';
import { kafkaProducer } from './producer.ts';
import { SPREAD_WITHIN_MS } from './spread.ts';
import { checkTopics, ensureTopics } from './topics.ts';

const LIMIT_MS = 180_000;
const SERVICES = 6;
const SETS = 5;
const ROUNDS = 5;

const names = () => ({
  changes: uniqueName('changes'),
  deltas: uniqueName('deltas'),
  deadLetters: uniqueName('dead-letters'),
  metrics: uniqueName('metrics'),
});

const messageOf = async (call: Promise<void>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    if (isHoldfastError(error, 'topic_missing')) return error.message;
    throw error;
  }
  return '';
};

describeWithServices('topics', (services) => {
  test('are created as they must be, once, with the room that was asked for', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const topics = names();
    expect(await messageOf(checkTopics(kafka, topics))).toMatch(/does not exist.*does not exist/);

    await ensureTopics({ kafka, topics, partitions: 3, maxMessageBytes: 2_500_000 });

    await checkTopics(kafka, topics);
    await ensureTopics({ kafka, topics, partitions: 3, maxMessageBytes: 2_500_000 });
  });

  test('let history of years be read as quickly as what is new: a fetch ends with a segment', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const topics = names();
    await ensureTopics({ kafka, topics, partitions: 1 });
    const producer = kafkaProducer({ kafka, compression: 'none' });
    onTestFinished(() => producer.close());
    for (let year = 0; year < 3; year += 1) {
      const timestamp = Date.UTC(2020 + year, 0);
      await producer.produce(topics.changes, [{ key: null, value: Buffer.from('x'), timestamp }]);
    }
    const owned = ownInput(kafka, topics.changes, 0, 128 * 1024);
    onTestFinished(() => owned.end());
    owned.input.seek(0);
    expect((await owned.input.poll(LIMIT_MS)).records).toHaveLength(3);
  });

  test('that exist are never altered, but every mismatch is said', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const topics = names();
    await createTopic(kafka, topics.changes, 2, { 'retention.ms': '86400000' });
    await createTopic(kafka, topics.metrics, 1);

    const message = await messageOf(ensureTopics({ kafka, topics, partitions: 3 }));

    expect(message).toContain(`${topics.changes} has retention.ms=86400000, not -1`);
    expect(message).toContain(`${topics.metrics} has cleanup.policy=delete, not compact`);
    expect(message).toContain(`${topics.deltas} has 3 partitions, ${topics.changes} has 2`);
    expect(message).toContain(`${topics.deadLetters} has max.message.bytes=1114124`);
    expect(await messageOf(checkTopics(kafka, topics))).toBe(message);
  });
});

describeWithServices('a check of topics', (services) => {
  test('waits for those that a broker has not heard of, as where they are just being made', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const topics = names();
    const checked = checkTopics(kafka, topics);
    await ensureTopics({ kafka: testKafka(services().bootstrap).kafka, topics, partitions: 3 });
    await checked;
  });

  test('waits for none where one that exists is wrong', async () => {
    const { kafka } = testKafka(services().bootstrap);
    const topics = names();
    await createTopic(kafka, topics.metrics, 1);
    const message = messageOf(checkTopics(kafka, topics));
    // By then it would be there, had it been waited for.
    await sleep(SPREAD_WITHIN_MS / 2);
    await createTopic(kafka, topics.changes, 3);
    expect(await message).toContain(`${topics.changes} does not exist`);
    expect(await message).toContain(`${topics.metrics} has cleanup.policy=delete, not compact`);
  });
});

describeWithServices('topics of three brokers', () => {
  let server: KafkaServer;
  beforeAll(async () => {
    server = await startKafka({ brokers: 3 });
  }, LIMIT_MS);
  afterAll(() => server.stop());

  test('are there, and right, for each of many services that start at once', async () => {
    const sets = Array.from({ length: SETS }, names);
    const clients = Array.from({ length: SERVICES }, () => testKafka(server.bootstrap).kafka);
    await Promise.all(
      clients.flatMap((kafka) =>
        sets.map((topics) => ensureTopics({ kafka, topics, partitions: 3 })),
      ),
    );
  });

  test('are found by services that ask another broker than the one that was told to make them', async () => {
    const { kafka } = testKafka(server.bootstrap);
    for (let round = 0; round < ROUNDS; round += 1) {
      const topics = names();
      const others = server.brokers.map(({ address }) => testKafka(address).kafka);
      const started = others.map(async (other) => {
        await checkTopics(other, topics);
        const log = kafkaEventLog({ kafka: other, topic: topics.changes, groupId: 'not joined' });
        expect(await log.partitionCount()).toBe(3);
        const producer = kafkaProducer({ kafka: other, compression: 'none' });
        await producer.produce(topics.changes, [{ key: null, value: null, timestamp: 0 }]);
        await producer.close();
      });
      await Promise.all([ensureTopics({ kafka, topics, partitions: 3 }), ...started]);
    }
  });
});
