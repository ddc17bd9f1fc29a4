import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { startKafka } from '@holdfast/testkit/launchers/kafka.ts';
import type { Kafka as KafkaServer } from '@holdfast/testkit/launchers/server.ts';
import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTopic, testKafka } from '../testing/harness.ts';
import { checkTopics, ensureTopics } from './topics.ts';

const LIMIT_MS = 180_000;
const SERVICES = 6;
const SETS = 5;

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
});
