import { type Redis as LaunchedRedis, startRedis } from '@holdfast/testkit/launchers/redis.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { openRedis } from './connection.ts';
import { checkServers } from './server-check.ts';

describeWithServices('the look at the servers', () => {
  const toClose: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });
  const launched = async (settings: Readonly<Record<string, string>>): Promise<LaunchedRedis> => {
    const redis = await startRedis({ settings });
    toClose.push(() => redis.stop());
    return redis;
  };
  const warningsOf = (url: string, known = new Set<string>()) => {
    const redis = openRedis({ urls: [url], mode: 'single' });
    toClose.push(() => redis.close());
    return checkServers(redis, known);
  };

  test('a safe server gives no warning and keeps buckets compact from then on', async () => {
    const { url } = await launched({ appendonly: 'yes', 'hash-max-listpack-value': '64' });
    expect(await warningsOf(url)).toEqual([]);
    const plain = new Redis(url);
    toClose.push(() => plain.disconnect());
    expect(await plain.config('GET', 'hash-max-listpack-value')).toContain('1024');
  });

  test('a limit that is larger already stays as it is', async () => {
    const { url } = await launched({ appendonly: 'yes', 'hash-max-listpack-value': '9000' });
    await warningsOf(url);
    const plain = new Redis(url);
    toClose.push(() => plain.disconnect());
    expect(await plain.config('GET', 'hash-max-listpack-value')).toContain('9000');
  });

  test('eviction and missing persistence are told, once for each server', async () => {
    const { url } = await launched({ 'maxmemory-policy': 'allkeys-lru' });
    const known = new Set<string>();
    expect(await warningsOf(url, known)).toEqual([
      expect.stringMatching(/maxmemory-policy allkeys-lru.*Set maxmemory-policy noeviction\.$/),
      expect.stringMatching(/no append-only file.*Set appendonly yes\.$/),
    ]);
    expect(await warningsOf(url, known)).toEqual([]);
  });

  test('a server that lets nobody set anything is told, and used all the same', async () => {
    const { url } = await launched({ appendonly: 'yes', 'hash-max-listpack-value': '64' });
    const plain = new Redis(url);
    toClose.push(() => plain.disconnect());
    await plain.acl('SETUSER', 'default', '-config');
    expect(await warningsOf(url)).toEqual([
      expect.stringContaining('hash-max-listpack-entries'),
      expect.stringContaining('hash-max-listpack-value'),
    ]);
  });
});
