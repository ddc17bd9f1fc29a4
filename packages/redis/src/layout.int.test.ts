/** How customers lie in Redis, and that nothing is left behind. */

import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import { allCustomers, claim, row } from '@holdfast/testkit/suites/projection-store-harness.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RedisHarness, redisHarness } from '../testing/harness.ts';
import { openRedis } from './connection.ts';
import { allKeys, type PartitionKeys, partitionKeys } from './keys.ts';
import { FORMAT } from './meta.ts';
import { pack } from './pack.ts';
import { SCRIPTS } from './scripts.ts';

describeWithServices('the layout in Redis', (services) => {
  let harness: RedisHarness;
  let keys: PartitionKeys;
  beforeEach(async () => {
    harness = await redisHarness(services().redisUrl, uniqueName('layout'));
    keys = partitionKeys(harness.projection, 0);
  });
  afterEach(() => harness.close());

  const encodings = async (): Promise<ReadonlySet<string>> => {
    const buckets = (await harness.keys()).filter((key) => key.startsWith(keys.buckets));
    return new Set(
      (await Promise.all(buckets.map((key) => harness.plain.object('ENCODING', key)))).map(String),
    );
  };
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `customer-${at}`);

  test('all keys of a partition carry one hash tag and stand in keys.ts', async () => {
    const owner = await claim(harness.store);
    await owner.commit({
      customers: [row('a', 'x'.repeat(2_000), 1)],
      aggregates: [['all', '1']],
      losses: [{ window: 'P1M', customerId: 'a', before: 0, after: 5 }],
      counters: [['events', 1]],
      outbox: Buffer.from('entry'),
    });
    const named = [...allKeys(keys).slice(0, 7), `${keys.buckets}0`].sort();
    expect(await harness.keys()).toEqual(named);
    for (const key of named) expect(key).toContain(`{${harness.projection.instance}:1:0}`);
  });

  test('buckets stay compact while customers grow in number, and so does their count', async () => {
    const owner = await claim(harness.store);
    const all = ids(20_000);
    for (let from = 0; from < all.length; from += 1_700) {
      const batch = all.slice(from, from + 1_700);
      await owner.store.readCustomers(batch);
      await owner.commit({ customers: batch.map((id) => row(id, id.padEnd(900, 'x'))) });
    }
    const meta = await harness.plain.hgetall(keys.meta);
    expect(meta).toMatchObject({ customers: '20000', buckets: '625' });
    expect(await encodings()).toEqual(new Set(['listpack']));
  });

  test('a bucket that had outgrown its compact form gets it back when it is split', async () => {
    const owner = await claim(harness.store);
    await owner.commit({ customers: ids(3_000).map((id) => row(id, id)) });
    expect(await encodings()).toEqual(new Set(['hashtable']));
    await owner.commit({});
    expect(await encodings()).toEqual(new Set(['listpack']));
    expect((await allCustomers(owner.store)).length).toBe(3_000);
  });

  test('a value that is no longer large leaves nothing beside its bucket', async () => {
    const owner = await claim(harness.store);
    await owner.commit({ customers: [row('a', 'x'.repeat(2_000)), row('b', 'x'.repeat(2_000))] });
    await owner.commit({ customers: [row('a', 'small'), row('c', 'small')] });
    expect(await harness.plain.hkeys(keys.large)).toEqual(['b']);
  });

  test('a large value that is missing is told, not taken for a new customer', async () => {
    const owner = await claim(harness.store);
    await owner.commit({ customers: [row('a', 'x'.repeat(2_000), 5)] });
    await harness.plain.del(keys.large);
    for (const call of [
      () => owner.store.readCustomers(['a']),
      () => owner.store.readDue(5, 0, 1),
      () => allCustomers(owner.store),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'store_corrupt' });
    }
  });

  test('chunks of an entry whose commit never happened are removed by the next commit or claim', async () => {
    const tooEarly = {
      boundary: { nextOffset: 1, asOf: 9e12 },
      outbox: Buffer.alloc(1_600_000, 7),
    };
    const owner = await claim(harness.store);
    await owner.send(owner.next(tooEarly));
    expect((await harness.plain.hkeys(keys.outbox)).sort()).toEqual(['1/0', '1/1', '1/2', '1/3']);
    await owner.commit({ outbox: Buffer.from('small') });
    expect((await harness.plain.hkeys(keys.outbox)).sort()).toEqual(['1', '1/0']);
    await owner.send(owner.next(tooEarly));
    expect(await harness.plain.hlen(keys.outbox)).toBe(6);
    await claim(harness.store);
    expect((await harness.plain.hkeys(keys.outbox)).sort()).toEqual(['1', '1/0']);
  });

  test('entries that are published leave nothing in the outbox', async () => {
    const owner = await claim(harness.store);
    await owner.commit({ outbox: Buffer.alloc(1_600_000, 7) });
    await owner.commit({ outbox: Buffer.from('small'), publishedCommit: 1 });
    expect((await harness.plain.hkeys(keys.outbox)).sort()).toEqual(['2', '2/0']);
    await owner.commit({ publishedCommit: 2 });
    expect(await harness.plain.exists(keys.outbox)).toBe(0);
  });

  test('a due that is set late, after another commit, raises nothing', async () => {
    const owner = await claim(harness.store);
    await owner.commit({ customers: [row('a', 'A', 10)] });
    await owner.commit({ customers: [row('b', 'B', 5)] });
    const { claim: id, run_id: runId } = await harness.plain.hgetall(keys.meta);
    const redis = openRedis({ urls: [services().redisUrl], mode: 'single' });
    const late = ['1', id ?? '', runId ?? '', '1', pack([['99', '0'], []])];
    const reply = await redis.run(SCRIPTS.setDue, [keys.meta, keys.due], late);
    expect(String(reply)).toBe('RECLAIM,5');
    expect((await owner.commit({})).firstDue).toBe(5);
    redis.close();
  });

  test('the last step of a discard sent again is done already', async () => {
    const owner = await claim(harness.store);
    await owner.commit({ customers: [row('a', 'A')] });
    const { claim: id, run_id: runId } = await harness.plain.hgetall(keys.meta);
    const redis = openRedis({ urls: [services().redisUrl], mode: 'single' });
    const step = ['1', id ?? '', runId ?? '', '1', '10'];
    for (const _time of [1, 2, 3]) {
      expect(String(await redis.run(SCRIPTS.discard, allKeys(keys), step))).toBe('DONE');
      expect(await harness.keys()).toEqual([keys.meta]);
    }
    redis.close();
  });

  test('a discard that was cut off is finished by the next claim', async () => {
    const owner = await claim(harness.store);
    const all = ids(5_000);
    await owner.store.readCustomers(all);
    const large = row('large', 'x'.repeat(5_000));
    await owner.commit({
      customers: [...all.map((id) => row(id, id, 9)), large],
      aggregates: [['all', '1']],
    });
    const { claim: id, run_id: runId } = await harness.plain.hgetall(keys.meta);
    const redis = openRedis({ urls: [services().redisUrl], mode: 'single' });
    const step = ['1', id ?? '', runId ?? '', '1', '10'];
    expect(String(await redis.run(SCRIPTS.discard, allKeys(keys), step))).toBe('MORE');
    // Twice: at first the owner goes by the buckets that it knew, then by those that are left.
    for (const number of [2, 1]) {
      expect((await owner.store.commit({ ...owner.next({}), number })).answer).toBe('reclaim');
    }

    const next = await claim(harness.other);

    expect(next.claimed.meta).toMatchObject({ epoch: 2, commitNumber: 0, firstDue: null });
    expect(await harness.keys()).toEqual([keys.meta]);
    expect((await next.send(next.next({ customers: [row('a', 'A')] }))).answer).toBe('applied');
    // A step of the discard that comes late finds another commit and does nothing.
    expect(String(await redis.run(SCRIPTS.discard, allKeys(keys), step))).toBe('FENCED');
    const late = [
      '2',
      (await harness.plain.hget(keys.meta, 'claim')) ?? '',
      runId ?? '',
      '0',
      '10',
    ];
    expect(String(await redis.run(SCRIPTS.discard, allKeys(keys), late))).toBe('RECLAIM');
    expect((await allCustomers(next.store)).length).toBe(1);
    redis.close();
  });

  test('state of another version is refused by whoever claims or reads', async () => {
    await claim(harness.store);
    await harness.plain.hset(keys.meta, 'format', String(Number(FORMAT) + 1));
    const before = await harness.dump();
    await expect(claim(harness.store)).rejects.toMatchObject({ code: 'format_newer' });
    await expect(harness.reader.readViews()).rejects.toMatchObject({ code: 'format_newer' });
    expect(await harness.dump()).toEqual(before);
    for (const format of [String(Number(FORMAT) - 1), 'soup']) {
      await harness.plain.hset(keys.meta, 'format', format);
      await expect(claim(harness.store)).rejects.toMatchObject({ code: 'store_corrupt' });
    }
    await harness.plain.hdel(keys.meta, 'format');
    await expect(claim(harness.store)).rejects.toMatchObject({ code: 'store_corrupt' });
  });
});
