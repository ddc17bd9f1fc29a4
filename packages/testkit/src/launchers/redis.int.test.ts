import { Redis as Client } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { type RedisOptions, startRedis } from './redis.ts';

const start = async (options?: RedisOptions) => {
  const redis = await startRedis(options);
  onTestFinished(() => redis.stop());
  const client = new Client(redis.url);
  onTestFinished(() => client.disconnect());
  return { redis, client };
};

test('a started Redis is empty and forgets all when it is killed', async () => {
  const { redis, client } = await start();
  expect(await client.dbsize()).toBe(0);
  await client.set('key', 'value');
  await redis.kill();
  await redis.start();
  expect(await client.get('key')).toBeNull();
});

test('a started Redis takes settings, and keeps what they say it writes to disk', async () => {
  const settings = { appendonly: 'yes', appendfsync: 'always' };
  const { redis, client } = await start({ settings });
  await client.set('key', 'value');
  await redis.kill();
  await redis.start();
  expect(await client.get('key')).toBe('value');
});
