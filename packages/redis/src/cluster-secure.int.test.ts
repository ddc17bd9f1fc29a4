/**
 * A Redis Cluster of three masters with TLS on every connection and users that have just the rights
 * which docs/OPERATIONS.md gives them; the rights are read from there.
 */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ErrorCode } from '@holdfast/domain/errors.ts';
import {
  missingForRedisCluster,
  type RedisCluster,
  startRedisCluster,
} from '@holdfast/testkit/launchers/redis-cluster.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import {
  allCustomers,
  claim,
  row,
  valuesOf,
  type Writer,
} from '@holdfast/testkit/suites/projection-store-harness.ts';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openRedis, type RedisSettings } from './connection.ts';
import { redisCustomerReader } from './customer-reader.ts';
import { partitionKeys } from './keys.ts';
import { redisProjectionReader } from './projection-reader.ts';
import { redisProjectionStore } from './projection-store.ts';

const OPERATIONS = new URL('../../../docs/OPERATIONS.md', import.meta.url);
const PARTITIONS = 3;
const CUSTOMERS = 300;
const LIMIT_MS = 120_000;

/** What ACL SETUSER takes, of a user of docs/OPERATIONS.md. */
const rightsOf = (user: string, instance: string): readonly string[] => {
  const line = new RegExp(`^user ${user} (.*)$`, 'm').exec(readFileSync(OPERATIONS, 'utf8'))?.[1];
  if (line === undefined) throw new Error(`docs/OPERATIONS.md has no user ${user}`);
  return line.replace('>PASSWORD', '>secret').replace('INSTANCE', instance).split(' ');
};

const missing = await missingForRedisCluster();
const skipped = missing === null ? '' : ` (there is no ${missing})`;

describeWithServices(`a cluster of three masters with TLS and users${skipped}`, () => {
  let cluster: RedisCluster;
  let plains: readonly Redis[];

  beforeAll(async () => {
    if (missing !== null) return;
    cluster = await startRedisCluster();
    plains = cluster.urls.map((url) => new Redis(url, { tls: { ca: cluster.ca } }));
  }, LIMIT_MS);
  afterAll(async () => {
    for (const plain of plains ?? []) plain.disconnect();
    await cluster?.stop();
  });

  const setUser = async (user: string, rights: readonly string[]): Promise<void> => {
    await Promise.all(plains.map((plain) => plain.acl('SETUSER', user, ...rights)));
  };
  const open = (instance: string, settings: Partial<RedisSettings> = {}) => {
    const { urls, ca } = cluster;
    const login = { username: 'holdfast', password: 'secret' };
    const redis = openRedis({ urls, ca, mode: 'auto', ...login, ...settings });
    onTestFinished(() => redis.close());
    const projection = { instance, generation: '1' };
    const warnings: string[] = [];
    const warn = (warning: string) => warnings.push(warning);
    return {
      warnings,
      store: redisProjectionStore(redis, { ...projection, randomId: randomUUID, warn }),
      reader: redisProjectionReader(redis, { ...projection, partitions: PARTITIONS }),
      customers: redisCustomerReader(redis, projection),
    };
  };
  /** Everything that the cluster holds of an instance. */
  const everything = async (instance: string): Promise<Readonly<Record<string, string>>> => {
    const stored: Record<string, string> = {};
    for (const plain of plains) {
      for (const key of await plain.keys(`holdfast:{${instance}:*`)) {
        stored[key] = (await plain.dumpBuffer(key))?.toString('hex') ?? '';
      }
    }
    return stored;
  };
  const refused = (call: Promise<unknown>, code: ErrorCode, message: RegExp) =>
    expect(call).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  /** Says who is live, claims, splits a bucket, writes a large value, an entry in chunks, and due entries. */
  const workOn = async (
    store: ReturnType<typeof open>['store'],
    partition = 0,
  ): Promise<Writer> => {
    await store.setPromoted(partition, '1');
    expect(await store.promoted(partition)).toBe('1');
    const owner = await claim(store, partition);
    const ids = Array.from({ length: CUSTOMERS }, (_, at) => `c${at}`);
    await owner.store.readCustomers(ids);
    await owner.commit({
      customers: ids.map((id, at) => row(id, at === 0 ? 'large'.repeat(1_000) : id, 5)),
      aggregates: [['row', 'sum']],
      counters: [['events:applied', 1]],
      outbox: Buffer.alloc(600_000, 1),
    });
    await owner.store.readDue(5, 0, 10);
    await owner.store.setDue([{ group: '0', due: 4 }]);
    return owner;
  };

  test.skipIf(missing !== null)(
    'users with just the rights of the handbook claim, commit, discard; and read',
    async () => {
      await setUser('holdfast', rightsOf('holdfast', 'rights'));
      await setUser('holdfast-reader', rightsOf('holdfast-reader', 'rights'));
      const { store, warnings } = open('rights');
      for (const partition of [0, 1, 2]) await workOn(store, partition);
      await (await claim(store, 2)).store.discard();
      const { reader, customers } = open('rights', { username: 'holdfast-reader' });
      const views = await reader.readViews();
      expect(views.map((view) => view?.meta.firstDue)).toEqual([4, 4, null]);
      expect((await reader.readPublished()).length).toBe(PARTITIONS);
      const rows = [];
      for await (const page of customers.readPages(0)) rows.push(...page.rows);
      expect(rows).toHaveLength(CUSTOMERS);
      expect(warnings).toEqual([]);
      const slots = await Promise.all(plains.map((plain) => plain.dbsize()));
      expect(slots.filter((count) => count > 0).length).toBeGreaterThan(1);
    },
    LIMIT_MS,
  );

  test.skipIf(missing !== null)(
    'without one of its rights the store refuses, says which, and nothing is half written',
    async () => {
      const rights = rightsOf('holdfast', 'lacking');
      const needless = ['+config|get', '+config|set', '+client|setname', '+asking'];
      const commands = rights.filter((word) => word.startsWith('+') && !needless.includes(word));
      await setUser('whole', rights);
      const harmless: string[] = [];
      for (const right of commands) {
        await Promise.all(plains.map((plain) => plain.script('FLUSH')));
        await setUser('holdfast', ['reset', ...rights, `-${right.slice(1)}`]);
        const outcome = await workOn(open('lacking').store).then(
          (owner) => owner.store.discard().catch((error: unknown) => error),
          (error: unknown) => error,
        );
        const command = right.slice(1).split('|')[0];
        if (outcome === undefined) harmless.push(right);
        else {
          expect(outcome, right).toMatchObject({
            code: 'store_refused',
            message: expect.stringMatching(new RegExp(`${command}|ACL LOG`, 'i')) as string,
          });
        }
        const { claimed, store } = await claim(open('lacking', { username: 'whole' }).store);
        const { commitNumber } = claimed.meta;
        expect(claimed.outbox.map(({ number }) => number)).toEqual(
          Array.from({ length: commitNumber }, (_, at) => at + 1),
        );
        const kept = await allCustomers(store);
        expect(kept.length).toBe(commitNumber === 0 ? 0 : CUSTOMERS);
      }
      expect(harmless).toEqual([]);
    },
    LIMIT_MS,
  );

  test.skipIf(missing !== null)(
    'a wrong password is refused, an untrusted certificate told as what keeps us out',
    async () => {
      await setUser('holdfast', rightsOf('holdfast', 'outside'));
      const wrong = open('outside', { password: 'wrong' });
      await refused(claim(wrong.store), 'store_refused', /WRONGPASS/);
      const wary = open('outside', { ca: undefined });
      await refused(claim(wary.store), 'store_unavailable', /self-signed certificate/);
      expect(await everything('outside')).toEqual({});
    },
    LIMIT_MS,
  );

  test.skipIf(missing !== null)(
    'a slot that moves under its owner: unavailable halfway, then reclaim, and nothing is lost',
    async () => {
      await setUser('holdfast', rightsOf('holdfast', 'moving'));
      const { store } = open('moving');
      const owner = await claim(store);
      await owner.commit({ customers: [row('a', 'A')] });
      const { meta } = partitionKeys({ instance: 'moving', generation: '1' }, 0);
      const slot = await plains[0]!.cluster('KEYSLOT', meta);
      const counts = await Promise.all(
        plains.map((plain) => plain.cluster('COUNTKEYSINSLOT', slot)),
      );
      const from = plains[counts.findIndex((count) => count > 0)]!;
      const to = plains[counts.indexOf(0)]!;
      const [fromId, toId] = [await from.cluster('MYID'), await to.cluster('MYID')] as string[];
      await to.cluster('SETSLOT', slot, 'IMPORTING', fromId!);
      await from.cluster('SETSLOT', slot, 'MIGRATING', toId!);
      const move = (key: string) =>
        from.migrate(to.options.host!, to.options.port!, key, 0, LIMIT_MS);
      await move(meta);
      const commit = owner.next({ customers: [row('b', 'B')] });
      await refused(owner.send(commit), 'store_unavailable', /./);

      for (const key of await from.cluster('GETKEYSINSLOT', slot, 100)) await move(key);
      for (const plain of plains) await plain.cluster('SETSLOT', slot, 'NODE', toId!);
      expect((await owner.send(commit)).answer).toBe('reclaim');
      const again = await claim(store);
      expect(again.claimed.meta).toMatchObject({ epoch: 2, commitNumber: 1 });
      await again.commit({ customers: [row('c', 'C')] });
      expect(valuesOf(await allCustomers(again.store))).toEqual({ a: 'A', c: 'C' });
    },
    LIMIT_MS,
  );
});
