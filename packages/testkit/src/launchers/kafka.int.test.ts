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

/** A broker that was killed is taken back when its last session is over, by default after 9 s. */
const SHORT_SESSIONS = { 'broker.session.timeout.ms': '3000' };
const BIG = 'x'.repeat(2_500_000);

describe('a started Kafka', () => {
  test('takes a record above 2 MB, and has it when it was terminated and started again', async () => {
    const { kafka, client } = await start();
    await produce(client, BIG);
    await kafka.terminate();
    await kafka.start();
    await produce(client, 'after');
    expect(await consume(client, 2)).toEqual([BIG, 'after']);
  });

  test('of three brokers, with properties, serves while one is killed, and takes it back', async () => {
    const properties = { ...SHORT_SESSIONS, 'message.max.bytes': '1000' };
    const { kafka, client } = await start({ brokers: 3, properties });
    await expect(produce(client, 'x'.repeat(2000))).rejects.toThrow(/larger than the max/);
    await produce(client, 'before');
    await kafka.brokers[0]?.kill();
    await produce(client, 'meanwhile');
    await kafka.start();
    await produce(client, 'after');
    expect(await consume(client, 3)).toEqual(['before', 'meanwhile', 'after']);
  });
});
