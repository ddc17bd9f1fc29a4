import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { describeWithServices, uniqueName } from './services.ts';

describeWithServices('the shared services', (services) => {
  test('answer at the addresses given', async () => {
    const { bootstrap, registryUrl, redisUrl } = services();
    const redis = new Redis(redisUrl);
    onTestFinished(() => redis.disconnect());
    const key = uniqueName('key');
    expect(await redis.set(key, 'x')).toBe('OK');
    const admin = new Kafka({
      brokers: bootstrap.split(','),
      logLevel: logLevel.NOTHING,
    }).admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    expect(await admin.createTopics({ topics: [{ topic: uniqueName('topic') }] })).toBe(true);
    expect((await fetch(`${registryUrl}/subjects`)).status).toBe(200);
  });
});
