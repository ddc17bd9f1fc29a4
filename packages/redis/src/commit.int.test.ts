/** That the commit's script checks everything before it writes anything. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import { claim, row } from '@holdfast/testkit/suites/projection-store-harness.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RedisHarness, redisHarness } from '../testing/harness.ts';
import { bucketing, customerHash } from './buckets.ts';
import { commitArguments } from './commit-arguments.ts';
import { openRedis, type RedisConnection } from './connection.ts';
import { allKeys, type PartitionKeys, partitionKeys } from './keys.ts';
import { type Packed, pack } from './pack.ts';
import { SCRIPTS } from './scripts.ts';

describeWithServices('the script of a commit', (services) => {
  let harness: RedisHarness;
  let keys: PartitionKeys;
  beforeEach(async () => {
    harness = await redisHarness(services().redisUrl, uniqueName('commit'));
    keys = partitionKeys(harness.projection, 0);
  });
  afterEach(() => harness.close());

  const filled = async () => {
    const owner = await claim(harness.store);
    const ids = Array.from({ length: 100 }, (_, at) => `c${at}`);
    await owner.store.readCustomers(ids);
    await owner.commit({
      customers: [...ids.map((id) => row(id, id, 50)), row('large', 'x'.repeat(5_000))],
      aggregates: [['all', '1']],
      counters: [['events', 1]],
      outbox: Buffer.from('entry'),
    });
    return owner;
  };

  describe('a key of another type is found out before the first write', () => {
    const foreign: Readonly<Record<string, (of: PartitionKeys) => string>> = {
      aggregates: (of) => of.aggregates,
      counters: (of) => of.counters,
      due: (of) => of.due,
      outbox: (of) => of.outbox,
      large: (of) => of.large,
      losses: (of) => of.losses,
      'a bucket that is written': (of) => `${of.buckets}3`,
      'a bucket that is split': (of) => `${of.buckets}0`,
      'a bucket that comes new': (of) => `${of.buckets}4`,
    };
    test.each(Object.entries(foreign))('%s', async (_, keyOf) => {
      const owner = await filled();
      expect(await harness.plain.hget(keys.meta, 'buckets')).toBe('4');
      // They grow four buckets to six and are all in one that is not split for it.
      const inBucket3 = (id: string): boolean => bucketing(6)(customerHash(id)) === 3;
      const newcomers = Array.from({ length: 600 }, (_each, at) => `new${at}`)
        .filter(inBucket3)
        .slice(0, 64);
      await owner.store.readCustomers(newcomers);
      const good = owner.next({
        customers: newcomers.map((id) => row(id, 'n', 60)),
        dueGroups: [{ group: '0', due: 90 }],
        aggregates: [['all', null]],
        counters: [['events', 2]],
        outbox: Buffer.from('another'),
        publishedCommit: 1,
      });
      const kept = await harness.plain.dumpBuffer(keyOf(keys));
      await harness.plain.set(keyOf(keys), 'foreign');
      const before = await harness.dump();

      await expect(owner.store.commit(good)).rejects.toSatisfy(
        (error) =>
          isHoldfastError(error, 'store_corrupt') || isHoldfastError(error, 'store_refused'),
      );

      expect(await harness.dump()).toEqual(before);
      if (kept === null) await harness.plain.del(keyOf(keys));
      else await harness.plain.restore(keyOf(keys), 0, kept, 'REPLACE');
      expect((await owner.send(good)).answer).toBe('applied');
      expect(await harness.plain.hget(keys.meta, 'buckets')).toBe('6');
    });
  });

  describe('arguments that no adapter should send', () => {
    let redis: RedisConnection;
    beforeEach(() => {
      redis = openRedis({ urls: [services().redisUrl], mode: 'single' });
    });
    afterEach(() => redis.close());

    const goodArguments = async () => {
      const owner = await filled();
      const stored = await harness.plain.hgetall(keys.meta);
      const commit = owner.next({
        customers: [
          row('c7', 'changed', 1),
          row('newcomer', 'n', 60),
          row('large', 'y'.repeat(2_000)),
        ],
        dueGroups: [
          { group: '0', due: 90 },
          { group: '1', due: null },
        ],
        aggregates: [
          ['all', null],
          ['other', '1'],
        ],
        counters: [['events', 2]],
        outbox: Buffer.from('another'),
        publishedCommit: 1,
      });
      const { args } = commitArguments(
        commit,
        commit.dueGroups,
        { bucketsBefore: Number(stored.buckets), bucketsAfter: Number(stored.buckets) + 1 },
        { chunks: 1, bytesAhead: 0, inline: commit.outbox },
      );
      return ['1', stored.claim ?? '', stored.run_id ?? '', '2', 'an-id', ...args];
    };
    const ROWS = 20;
    const answerTo = async (args: readonly (string | Buffer)[]): Promise<string> => {
      try {
        const reply = await redis.run(SCRIPTS.commit, allKeys(keys), args);
        return Array.isArray(reply) ? String(reply[0]) : 'no list';
      } catch (error) {
        if (isHoldfastError(error, 'store_refused')) return 'refused';
        throw error;
      }
    };

    test('a number that is none, in whatever place, leaves everything as it was', async () => {
      const good = await goodArguments();
      const before = await harness.dump();
      const numbers = [0, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
      for (const place of numbers) {
        for (const bad of [
          '',
          'x',
          '-2',
          '1.5',
          'nan',
          'inf',
          '0x10',
          ' 1',
          '99999999999999999999',
        ]) {
          const answer = await answerTo(good.with(place, bad));
          expect([place, bad, answer]).not.toEqual([place, bad, 'APPLIED']);
        }
      }
      for (const args of [good.slice(1), [...good, ''], []]) {
        expect(await answerTo(args)).toBe('refused');
      }
      expect(await harness.dump()).toEqual(before);
      expect(await answerTo(good)).toBe('APPLIED');
    });

    test('rows of another shape leave everything as it was', async () => {
      const good = await goodArguments();
      const before = await harness.dump();
      const none: Packed = [[], [], [], [], [], [], [], [], [], [], []];
      const bad: readonly (readonly [place: number, ...lists: Packed[]])[] = [
        [0, ['0'], [''], []],
        [0, ['0'], [], [['a', 'v']]],
        [0, ['0'], [''], [['only an id']]],
        [0, ['0'], [''], ['text']],
        [0, ['0'], [''], [[['a'], 'v']]],
        [0, ['x'], [''], [['a', 'v']]],
        [0, ['-1'], [''], [['a', 'v']]],
        [0, [''], [''], [['a', 'v']]],
        [0, ['99'], [''], [['a', 'v']]],
        [
          0,
          ['0', '99'],
          ['', ''],
          [
            ['a', 'v'],
            ['b', 'v'],
          ],
        ],
        [0, [['0']], [''], [['a', 'v']]],
        [0, 'text'],
        [0, ['0'], [''], 'text'],
        [0, ['0'], [''], [new Array<string>(8_000).fill('a')]],
        [0, ['0'], ['1e3'], [['a', 'v']]],
        [0, ['0'], ['0x5'], [['a', 'v']]],
        [0, ['0'], [' 5'], [['a', 'v']]],
        [0, ['0'], ['nan'], [['a', 'v']]],
        [0, ['0'], [['5']], [['a', 'v']]],
        [3, ['only an id']],
        [4, ['5']],
        [4, ['nan', '0']],
        [4, ['5', '99']],
        [4, ['5', 'x']],
        [4, ['', '0']],
        [4, ['9'.repeat(16), '0']],
        [4, [['5'], '0']],
        [5, ['99']],
        [5, ['x']],
        [5, [' 0']],
        [6, ['only a key']],
        [6, 'text'],
        [7, [['nested']]],
        [8, ['events']],
        [8, ['events', 'many']],
        [8, ['events', 'nan']],
        [9, 'text'],
        [9, ['P1M/5/a']],
        [9, ['P1M/0000000000000000/a']],
        [9, ['0000000000000005/a']],
        [10, [['nested']]],
      ];
      for (const [place, ...lists] of bad) {
        const rows = none.toSpliced(place, lists.length, ...lists);
        const answer = await answerTo(good.with(ROWS, pack(rows)));
        expect([place, lists, answer]).toEqual([place, lists, 'refused']);
      }
      for (const rows of [
        pack([]),
        pack(['']),
        Buffer.from([0xc1]),
        Buffer.alloc(0),
        Buffer.from([0x01]),
      ]) {
        expect(await answerTo(good.with(ROWS, rows))).not.toBe('APPLIED');
      }
      expect(await harness.dump()).toEqual(before);
    });

    test('an entry whose chunks are not all written ahead is refused', async () => {
      const good = await goodArguments();
      const [chunks, bytesAhead] = [17, 18];
      const missing = good.with(chunks, '2').with(bytesAhead, '600000');
      const before = await harness.dump();
      expect(await answerTo(missing)).toBe('refused');
      expect(await harness.dump()).toEqual(before);
    });
  });
});
