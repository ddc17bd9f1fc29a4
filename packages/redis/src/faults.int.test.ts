/** What a commit answers when Redis or the way to it fails. Each test has a Redis of its own. */

import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '@holdfast/domain/errors.ts';
import { startTcpProxy } from '@holdfast/testkit/faults/tcp-proxy.ts';
import { type Redis as LaunchedRedis, startRedis } from '@holdfast/testkit/launchers/redis.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import {
  allCustomers,
  claim,
  POLICY,
  row,
  valuesOf,
} from '@holdfast/testkit/suites/projection-store-harness.ts';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { openRedis, type RedisSettings } from './connection.ts';
import { allKeys, partitionKeys } from './keys.ts';
import { FORMAT } from './meta.ts';
import { redisProjectionReader } from './projection-reader.ts';
import { redisProjectionStore } from './projection-store.ts';
import { list, textFields } from './reply.ts';
import { SCRIPTS } from './scripts.ts';

const DEADLINE_MS = 60_000;
const META = 'holdfast:{faults:1:0}:meta';

describeWithServices('faults of Redis', () => {
  const toClose: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  const launched = async (
    settings: Readonly<Record<string, string>> = {},
  ): Promise<LaunchedRedis> => {
    const redis = await startRedis({ settings });
    toClose.push(() => redis.stop());
    return redis;
  };
  const plainOf = (redis: LaunchedRedis): Redis => {
    const plain = new Redis(redis.url);
    toClose.push(() => plain.disconnect());
    return plain;
  };
  const proxied = async (redis: LaunchedRedis) => {
    const proxy = await startTcpProxy(`${redis.host}:${redis.port}`);
    toClose.push(() => proxy.close());
    return { ...proxy, url: `redis://${proxy.address}` };
  };
  const projection = { instance: 'faults', generation: '1' };
  const storeAt = (url: string, settings: Partial<RedisSettings> = {}) => {
    const redis = openRedis({ urls: [url], mode: 'single', ...settings });
    toClose.push(() => redis.close());
    return {
      store: redisProjectionStore(redis, { ...projection, randomId: randomUUID, warn: () => {} }),
      reader: redisProjectionReader(redis, { ...projection, partitions: 1 }),
    };
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    const deadline = performance.now() + DEADLINE_MS;
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error('never came to be');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const fails = (call: Promise<unknown>, code: ErrorCode) =>
    expect(call).rejects.toMatchObject({ code });

  test('a commit whose answer is lost with the connection is sent again: already', async () => {
    const redis = await launched();
    const proxy = await proxied(redis);
    const owner = await claim(storeAt(proxy.url).store);
    await owner.commit({ customers: [row('a', 'A')] });

    const commit = owner.next({ customers: [row('b', 'B', 9)], outbox: Buffer.alloc(1000, 1) });
    const lost = proxy.loseNextAnswer();
    const outcome = await owner.send(commit);
    await lost;

    expect(outcome).toEqual({ answer: 'already', firstDue: 9 });
    const next = owner.next({ number: 3, customers: [row('c', 'C')] });
    expect((await owner.send(next)).answer).toBe('applied');
    expect(valuesOf(await allCustomers(owner.store))).toEqual({ a: 'A', b: 'B', c: 'C' });
  });

  test('a claim, a chunk and a due whose answers are lost do no harm when they come twice', async () => {
    const redis = await launched();
    const proxy = await proxied(redis);
    const { store } = storeAt(proxy.url);
    const large = { outbox: Buffer.alloc(600_000, 7) };
    const first = await claim(store);
    await first.commit({ ...large, customers: [row('a', 'A', 5)] });
    const [group] = await first.store.readDue(5, 0, 1);
    await first.store.setDue([]);

    // A claim looks at the servers first; its own answer is the one lost here.
    const connection = openRedis({ urls: [proxy.url], mode: 'single' });
    toClose.push(() => connection.close());
    const keys = partitionKeys(projection, 0);
    await connection.run(SCRIPTS.readSize, [keys.meta], []);
    const args = [FORMAT, POLICY, '0', 'this very claim'];
    const lostClaim = proxy.loseNextAnswer();
    const claimed = await connection.run(SCRIPTS.claim, allKeys(keys), args);
    await lostClaim;
    expect(textFields(list(claimed)[1]).get('epoch')).toBe('2');

    const owner = await claim(store);
    expect(owner.claimed.meta.epoch).toBe(3);
    const lostChunk = proxy.loseNextAnswer();
    await owner.commit(large);
    await lostChunk;
    const lostDue = proxy.loseNextAnswer();
    expect(await owner.store.setDue([{ group: group?.group ?? '', due: 8 }])).toBe(8);
    await lostDue;
    const again = await claim(store);
    expect(again.claimed.meta.firstDue).toBe(8);
    expect(again.claimed.outbox.map(({ entry }) => entry.length)).toEqual([600_000, 600_000]);
  });

  test('after a restart the state is there and the claim is not: reclaim', async () => {
    const redis = await launched({ appendonly: 'yes', appendfsync: 'always' });
    const { store } = storeAt(redis.url);
    const owner = await claim(store);
    await owner.commit({ customers: [row('a', 'A')] });
    await redis.kill();
    await redis.start();

    expect((await owner.send(owner.next({ customers: [row('b', 'B')] }))).answer).toBe('reclaim');

    const again = await claim(store);
    expect(again.claimed.meta).toMatchObject({ epoch: 2, commitNumber: 1 });
    await again.commit({ customers: [row('c', 'C')] });
    expect(valuesOf(await allCustomers(again.store))).toEqual({ a: 'A', c: 'C' });
  });

  test('settings made at run time are made again after a restart', async () => {
    const redis = await launched({ 'hash-max-listpack-value': '64' });
    const plain = plainOf(redis);
    const { store } = storeAt(redis.url);
    await claim(store);
    const limit = async () => (await plain.config('GET', 'hash-max-listpack-value')) as unknown;
    expect(await limit()).toEqual(['hash-max-listpack-value', '1024']);
    await redis.kill();
    await redis.start();
    expect(await limit()).toEqual(['hash-max-listpack-value', '64']);
    await claim(store);
    expect(await limit()).toEqual(['hash-max-listpack-value', '1024']);
  });

  test('Redis comes back empty: reclaim, from the beginning', async () => {
    const redis = await launched();
    const { store } = storeAt(redis.url);
    const owner = await claim(store);
    await owner.commit({ customers: [row('a', 'A')] });
    await redis.kill();
    await redis.start();
    expect((await owner.send(owner.next({}))).answer).toBe('reclaim');
    expect((await claim(store)).claimed.meta).toMatchObject({ epoch: 1, commitNumber: 0 });
  });

  test.each([
    ['nothing', 0],
    ['commits', 2],
    ['the claim itself', 'claim'],
  ] as const)(
    'a failover to a replica that lacks %s: reclaim, never fenced or already',
    async (_, lost) => {
      const main = await launched({ 'repl-diskless-sync-delay': '0' });
      const copy = await launched();
      const proxy = await proxied(main);
      const ofCopy = plainOf(copy);
      const { store } = storeAt(proxy.url);
      let owner = await claim(store);
      await owner.commit({ customers: [row('a', 'A')] });
      await ofCopy.replicaof(main.host, main.port);
      await until(async () => (await ofCopy.info('replication')).includes('master_link_status:up'));
      await owner.commit({ customers: [row('b', 'B')] });
      await until(async () => (await ofCopy.hget(META, 'number')) === '2');
      await ofCopy.replicaof('NO', 'ONE');
      if (lost === 'claim') owner = await claim(store);
      for (let number = 0; number < Number(lost === 'claim' ? 0 : lost); number += 1) {
        await owner.commit({ customers: [row(`lost ${number}`, 'x')] });
      }
      const sent = owner.next({ customers: [row('c', 'C')] });
      if (lost === 0) expect((await owner.send(sent)).answer).toBe('applied');
      proxy.leadTo(`${copy.host}:${copy.port}`);

      expect((await owner.store.commit(sent)).answer).toBe('reclaim');
      // The new main server lacks the claim, and whoever claims there gets the epoch that was lost.
      const again = await claim(store);
      expect(again.claimed.meta).toMatchObject({ epoch: 2, commitNumber: 2 });
      expect((await owner.store.commit(sent)).answer).not.toBe('applied');
      expect(valuesOf(await allCustomers(again.store))).toEqual({ a: 'A', b: 'B' });
    },
  );

  test('a Redis that is away is an error to try again after, and it goes on by itself', async () => {
    const redis = await launched({ appendonly: 'yes', appendfsync: 'always' });
    const { store, reader } = storeAt(redis.url);
    const owner = await claim(store);
    await redis.terminate();
    const commit = owner.next({ customers: [row('a', 'A')] });
    await fails(owner.store.commit(commit), 'store_unavailable');
    await fails(reader.readViews(), 'store_unavailable');
    await redis.start();
    expect((await owner.store.commit(commit)).answer).toBe('reclaim');
    expect((await reader.readViews())[0]?.meta.epoch).toBe(1);
  });

  test('a commit in doubt at a Redis that came back empty: reclaim', async () => {
    const redis = await launched();
    const { store } = storeAt(redis.url);
    const owner = await claim(store);
    await redis.kill();
    const commit = owner.next({ customers: [row('a', 'A')] });
    await fails(owner.store.commit(commit), 'store_unavailable');
    await redis.start();
    await fails(owner.store.readCustomers(['a']), 'store_unavailable');
    expect((await owner.store.commit(commit)).answer).toBe('reclaim');
  });

  test('a commit in doubt is settled by sending it again, whatever is read in between', async () => {
    const redis = await launched();
    const proxy = await proxied(redis);
    const { store } = storeAt(proxy.url);
    const owner = await claim(store);
    await owner.commit({});
    await owner.store.setDue([]);
    const ids = Array.from({ length: 500 }, (_, at) => `c${at}`);
    await owner.store.readCustomers(ids);
    const commit = owner.next({ customers: ids.map((id) => row(id, id, 4)) });
    const down = proxy.loseNextAnswer().then(() => proxy.goDown());
    await fails(owner.store.commit(commit), 'store_unavailable');
    await down;
    await proxy.comeUp();

    // It was applied, in more buckets than the owner knew of.
    expect((await owner.store.readCustomers(ids)).length).toBe(500);
    expect(await owner.store.commit(commit)).toEqual({ answer: 'already', firstDue: 4 });
    expect(await owner.store.setDue([{ group: '0', due: 1 }])).toBe(1);
  });

  test('a replica refuses writes: an error to try again after', async () => {
    const redis = await launched();
    const { store } = storeAt(redis.url);
    const owner = await claim(store);
    await plainOf(redis).replicaof('127.0.0.1', 1);
    await fails(owner.store.commit(owner.next({})), 'store_unavailable');
  });

  test('the name leads to another server, and no connection is cut: found by the next call', async () => {
    const atOnce = { 'repl-diskless-sync-delay': '0' };
    const [main, copy] = [await launched(atOnce), await launched(atOnce)];
    const proxy = await proxied(main);
    const owner = await claim(storeAt(proxy.url).store);
    await owner.commit({ customers: [row('a', 'A')] });
    const [elder, plain] = [plainOf(main), plainOf(copy)];
    await plain.replicaof(main.host, main.port);
    await until(async () => (await plain.exists(META)) === 1);
    await plain.replicaof('NO', 'ONE');
    await elder.replicaof(copy.host, copy.port);
    // Before that it may answer that it is loading.
    await until(async () => (await elder.info('replication')).includes('master_link_status:up'));
    proxy.leadTo(`${copy.host}:${copy.port}`, 'stay');
    const commit = owner.next({ customers: [row('b', 'B')] });
    await fails(owner.store.commit(commit), 'store_unavailable');
    // Another server: memory of what that may lack is thrown away, and it is claimed anew.
    expect(await owner.store.commit(commit)).toMatchObject({ answer: 'reclaim' });
  });

  test('out of memory: refused whole, and taken once there is memory', async () => {
    const redis = await launched();
    const plain = plainOf(redis);
    const { store } = storeAt(redis.url);
    const owner = await claim(store);
    await owner.commit({ customers: [row('a', 'A', 7)] });
    const before = await plain.hgetall(META);
    await plain.config('SET', 'maxmemory', '1');
    const commit = owner.next({
      customers: [row('b', 'B', 3)],
      dueGroups: [{ group: '0', due: null }],
      publishedCommit: 1,
    });
    await fails(owner.store.commit(commit), 'store_refused');
    expect(await plain.hgetall(META)).toEqual(before);
    await plain.config('SET', 'maxmemory', '0');
    expect(await owner.send(commit)).toEqual({ answer: 'applied', firstDue: 3 });
  });

  test('a wrong password and a user without rights are refused with the reason', async () => {
    const redis = await launched();
    const plain = plainOf(redis);
    await plain.acl(
      'SETUSER',
      'reader',
      'on',
      '>secret',
      '~holdfast:*',
      '+@read',
      '+@connection',
      '+@scripting',
      '+info',
      '+time',
    );
    await plain.acl(
      'SETUSER',
      'writer',
      'on',
      '>secret',
      '~holdfast:*',
      '+@read',
      '+@write',
      '+@connection',
      '+@scripting',
      '+info',
      '+time',
    );
    await plain.config('SET', 'requirepass', 'needed');

    await fails(claim(storeAt(redis.url).store), 'store_refused');
    await fails(claim(storeAt(redis.url, { password: 'wrong' }).store), 'store_refused');
    await fails(
      claim(storeAt(redis.url, { username: 'reader', password: 'secret' }).store),
      'store_refused',
    );

    const address = `${redis.host}:${redis.port}`;
    const owner = await claim(storeAt(`redis://writer:secret@${address}`).store);
    await owner.commit({ customers: [row('a', 'A', 1)], outbox: Buffer.from('entry') });
    // A right that is taken away is missed before the first write.
    await plain.acl('SETUSER', 'writer', '-zrem');
    await fails(owner.store.commit(owner.next({ customers: [row('b', 'B')] })), 'store_refused');
    expect(valuesOf(await allCustomers(owner.store))).toEqual({ a: 'A' });
  });
});
