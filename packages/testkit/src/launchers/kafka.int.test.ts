import { Kafka as Client, logLevel } from 'kafkajs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type KafkaOptions, startKafka } from './kafka.ts';

const TOPIC = 'things';

const start = async (options?: KafkaOptions) => {
  const kafka = await startKafka(options);
  onTestFinished(() => kafka.stop());
  const client = new Client({
    brokers: kafka.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 1000 },
  });
  const admin = client.admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  await admin.createTopics({ topics: [{ topic: TOPIC }], waitForLeaders: true });
  return { kafka, client };
};

const produce = async (client: Client, value: string): Promise<void> => {
  const producer = client.producer();
  await producer.connect();
  await producer.send({ topic: TOPIC, acks: -1, messages: [{ value }] });
  await producer.disconnect();
};

/** The topic's first values, read by a new group. */
const consume = async (client: Client, count: number): Promise<readonly string[]> => {
  const consumer = client.consumer({
    groupId: `group-${count}`,
    maxWaitTimeInMs: 100,
    maxBytesPerPartition: 8 * 1024 * 1024,
  });
  onTestFinished(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve, reject) => {
    // A group whose coordinator still loads makes it start anew by itself.
    consumer.on('consumer.crash', ({ payload }) => payload.restart || reject(payload.error));
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value));
        if (values.length === count) {
          resolve();
        }
      },
    });
  });
  return values;
};

describe('a started Kafka', () => {
  test('takes a record above 2 MB and gives it back', async () => {
    const { client } = await start();
    const value = 'x'.repeat(2_500_000);
    await produce(client, value);
    expect(await consume(client, 1)).toEqual([value]);
  });

  test('takes broker properties', async () => {
    const { client } = await start({ properties: { 'message.max.bytes': '1000' } });
    await expect(produce(client, 'x'.repeat(2000))).rejects.toThrow(/larger than the max/);
  });

  test('has its address and its records when it was terminated and started again', async () => {
    const { kafka, client } = await start();
    await produce(client, 'before');
    await kafka.terminate();
    await kafka.start();
    await produce(client, 'after');
    expect(await consume(client, 2)).toEqual(['before', 'after']);
  });

  test('of three brokers serves while one of them is killed, and takes it back', async () => {
    const { kafka, client } = await start({ brokers: 3 });
    await produce(client, 'before');
    await kafka.brokers[0]?.kill();
    await produce(client, 'meanwhile');
    await kafka.brokers[0]?.start();
    await produce(client, 'after');
    expect(await consume(client, 3)).toEqual(['before', 'meanwhile', 'after']);
  });
});
