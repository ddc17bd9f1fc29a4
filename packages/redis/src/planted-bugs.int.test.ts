/**
 * Each bug planted in a script is caught, so that the scripts are known to be held by more than
 * their authors' care. A plant changes the text of one script; some promise below must then break.
 * With the scripts as they are all of them hold.
 */

import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import {
  allCustomers,
  claim,
  dueCustomers,
  row,
  valuesOf,
  viewOf,
} from '@holdfast/testkit/suites/projection-store-harness.ts';
import { expect, test } from 'vitest';
import { type RedisHarness, redisHarness } from '../testing/harness.ts';
import type { RedisConnection } from './connection.ts';
import { partitionKeys } from './keys.ts';
import { SCRIPTS, type Script, scriptOf } from './scripts.ts';

type Promised = (harness: RedisHarness) => Promise<void>;

const keysOf = ({ projection }: RedisHarness) => partitionKeys(projection, 0);

const MANY = Array.from({ length: 200 }, (_, each) => ({
  customerId: `customer-${each}`,
  value: 'v',
  due: 1_000 + each,
}));

const PROMISES: Readonly<Record<string, Promised>> = {
  'who was fenced writes nothing and reads nothing': async ({ store, other, dump }) => {
    const elder = await claim(store);
    await elder.commit({ customers: [row('a', 'A', 50)] });
    const [group] = await elder.store.readDue(50, 0, 1);
    await claim(other);
    const before = await dump();
    expect((await elder.send(elder.next({ customers: [row('a', 'B')] }))).answer).toBe('fenced');
    const large = elder.next({ outbox: Buffer.alloc(600_000) });
    expect((await elder.send(large)).answer).toBe('fenced');
    await elder.store.setDue([{ group: group?.group ?? '', due: 900 }]);
    await expect(elder.store.readDue(50, 0, 1)).rejects.toMatchObject({ code: 'fenced' });
    await expect(elder.store.readCustomers(['a'])).rejects.toMatchObject({ code: 'fenced' });
    await expect(elder.store.discard()).rejects.toMatchObject({ code: 'fenced' });
    expect(await dump()).toEqual(before);
  },
  'a lost claim is claimed again, also where its epoch was given anew': async (harness) => {
    const { store, other, remember } = harness;
    await claim(store);
    const back = await remember();
    const lost = await claim(store);
    await back();
    expect((await lost.send(lost.next({}))).answer).toBe('reclaim');
    await claim(other);
    expect((await lost.send(lost.next({}))).answer).toBe('reclaim');
  },
  'a commit that comes twice happens once': async ({ store }) => {
    const owner = await claim(store);
    const commit = owner.next({ customers: [row('a', 'A', 5)], outbox: Buffer.from('entry') });
    expect((await owner.send(commit)).answer).toBe('applied');
    expect(await owner.store.commit(commit)).toEqual({ answer: 'already', firstDue: 5 });
  },
  'a store that lost commits takes no later one': async ({ store, remember }) => {
    const owner = await claim(store);
    const back = await remember();
    await owner.commit({ customers: [row('a', 'A')] });
    await back();
    expect((await owner.send(owner.next({ customers: [row('b', 'B')] }))).answer).toBe('reclaim');
  },
  'an as-of beyond the clock is refused': async ({ store, now }) => {
    const owner = await claim(store);
    const boundary = { nextOffset: 1, asOf: (await now()) + 60_000 };
    expect((await owner.send(owner.next({ boundary }))).answer).toBe('clock');
  },
  'what is refused leaves everything as it was': async ({ store, dump }) => {
    const owner = await claim(store);
    await owner.commit({ customers: [row('a', 'A', 5)], boundary: { nextOffset: 5, asOf: 5 } });
    const before = await dump();
    for (const change of [
      { boundary: { nextOffset: 6, asOf: 4 } },
      { boundary: { nextOffset: 4, asOf: 6 } },
      { boundary: { nextOffset: 6, asOf: 6 }, lastRecordAt: -1 },
      { counters: [['events', Number.NaN]] as const },
    ]) {
      await expect(owner.send(owner.next(change))).rejects.toThrow();
    }
    expect(await dump()).toEqual(before);
  },
  'the least due is known, never late': async ({ store }) => {
    const owner = await claim(store);
    const { firstDue } = await owner.commit({ customers: [row('a', 'A', 5), row('b', 'B')] });
    expect(firstDue).toBe(5);
    expect((await owner.commit({ customers: [row('b', 'B', 50)] })).firstDue).toBe(5);
  },
  'buckets grow and lose neither customers nor dues': async ({ store }) => {
    const owner = await claim(store);
    for (let from = 0; from < MANY.length; from += 20) {
      const rows = MANY.slice(from, from + 20);
      await owner.store.readCustomers(rows.map(({ customerId }) => customerId));
      await owner.commit({ customers: rows });
    }
    expect(await allCustomers(owner.store)).toHaveLength(MANY.length);
    const found = await owner.store.readCustomers(MANY.map(({ customerId }) => customerId));
    expect(found).toHaveLength(MANY.length);
    for (let due = 1_000; due < 1_200; due += 10) {
      const { rows } = await dueCustomers(owner.store, due);
      const found = new Set(rows.map(({ customerId }) => customerId));
      expect(MANY.filter((one) => one.due <= due && !found.has(one.customerId))).toEqual([]);
    }
  },
  'entries wait until they are published, and no longer': async (harness) => {
    const { store, plain } = harness;
    const owner = await claim(store);
    for (const text of ['one', 'two', 'three']) await owner.commit({ outbox: Buffer.from(text) });
    await owner.commit({ publishedCommit: 1 });
    // Each has a field for its count and one for its only piece.
    expect(await plain.hlen(keysOf(harness).outbox)).toBe(4);
    const { outbox } = (await claim(store)).claimed;
    expect(outbox.map(({ number, entry }) => [number, String(entry)])).toEqual([
      [2, 'two'],
      [3, 'three'],
    ]);
  },
  'an entry in pieces comes back whole': async ({ store }) => {
    const owner = await claim(store);
    const entry = Buffer.from(Array.from({ length: 1_200_000 }, (_, each) => each % 251));
    await owner.commit({ outbox: entry });
    const { outbox } = (await claim(store)).claimed;
    expect(outbox.map((one) => Buffer.compare(one.entry, entry))).toEqual([0]);
  },
  'a claim is one epoch on, not caught up, and does not fence itself': async (harness) => {
    const { store, other } = harness;
    await (await claim(store)).commit({ caughtUp: true });
    const { meta } = (await claim(other)).claimed;
    expect([meta.epoch, meta.caughtUp]).toEqual([2, false]);
    await harness.claimTwice();
    expect((await viewOf(harness)).meta.epoch).toBe(3);
  },
  'aggregates, counters and customers are as last said': async (harness) => {
    const owner = await claim(harness.store);
    const large = 'x'.repeat(10_000);
    await owner.commit({
      customers: [row('a', large), row('b', 'B')],
      aggregates: [
        ['one', '1'],
        ['two', '2'],
      ],
      counters: [['events', 1]],
    });
    await owner.commit({
      customers: [row('a', 'small')],
      aggregates: [['one', null]],
      counters: [['events', 2]],
    });
    const { aggregates, counters } = await viewOf(harness);
    expect([aggregates, counters]).toEqual([new Map([['two', '2']]), new Map([['events', 2]])]);
    expect(valuesOf(await allCustomers(owner.store))).toEqual({ a: 'small', b: 'B' });
    expect(await harness.plain.hlen(keysOf(harness).large)).toBe(0);
  },
  'what is discarded is gone': async ({ store }) => {
    const owner = await claim(store);
    await owner.commit({ customers: MANY, aggregates: [['one', '1']], outbox: Buffer.from('e') });
    await owner.store.discard();
    const again = await claim(store);
    expect(await allCustomers(again.store)).toEqual([]);
    expect([again.claimed.meta.firstDue, again.claimed.outbox]).toEqual([null, []]);
    expect((await again.send(again.next({ number: 1 }))).answer).toBe('applied');
  },
};

/** Name, script, what stands there, and what stands there instead. */
const BUGS: readonly (readonly [string, keyof typeof SCRIPTS, string, string])[] = [
  ['no epoch check', 'commit', "if stored_epoch > epoch then return 'FENCED' end", ''],
  [
    'a lost claim is taken for fenced',
    'commit',
    "process then return 'RECLAIM'",
    "process then return 'FENCED'",
  ],
  ['claims of one epoch are one', 'commit', 'or stored[2] ~= claim', ''],
  ['no ALREADY', 'commit', 'if stored_number == number and stored[2] == id then', 'if false then'],
  ['any number is the next', 'commit', 'stored_number ~= number - 1 or', ''],
  ['no look at the clock', 'commit', "if stored[9] ~= '1' then", 'if false then'],
  ['as-of may go back', 'commit', "refuse('as-of goes back')", 'local _ = 0'],
  [
    'a write before the last check',
    'commit',
    '-- Rows.',
    "call('HSET', META, 'caught_up', '1', 'next_offset', ARGV[7])",
  ],
  [
    'a write that fails in mid-script',
    'commit',
    "in_slices(counters, 'HSET', COUNTERS)",
    "call('HINCRBY', META, 'id', 1)",
  ],
  ['dues are not written', 'commit', "in_slices(due_lowered, 'ZADD', DUE, 'LT')", ''],
  ['a due is raised', 'commit', "'ZADD', DUE, 'LT')", "'ZADD', DUE)"],
  ['a split forgets the due', 'commit', "if due then call('ZADD', DUE, due, target) end", ''],
  ['a split forgets customers', 'commit', "in_slices(moving, 'HSET', BUCKETS .. target)", ''],
  ['entries go before they are published', 'commit', 'of <= published or', 'of < number or'],
  ['entries are never dropped', 'commit', "in_slices(outdated, 'HDEL', OUTBOX)", ''],
  [
    'only the first piece of an entry counts',
    'commit',
    "call('HSET', OUTBOX, ARGV[4], chunks)",
    "call('HSET', OUTBOX, ARGV[4], '1')",
  ],
  ['rows of aggregates stay', 'commit', "in_slices(aggregates_removed, 'HDEL', AGGREGATES)", ''],
  ['large values stay', 'commit', "in_slices(shrunk, 'HDEL', LARGE)", ''],
  [
    'pieces are written for whoever was fenced',
    'writeAhead',
    'if broken then return broken end',
    '',
  ],
  [
    'dues are set for whoever was fenced',
    'setDue',
    'if broken then return { broken, least_due(KEYS[2]) } end',
    '',
  ],
  [
    'due customers are read by whoever was fenced',
    'readDue',
    'if broken then return { broken } end',
    '',
  ],
  [
    'customers are read by whoever was fenced',
    'readCustomers',
    'if broken then return { broken } end',
    '',
  ],
  ['a claim takes the epoch that is there', 'claim', 'epoch + 1', 'epoch'],
  [
    'a claim that comes twice fences itself',
    'claim',
    'if stored[6] ~= ARGV[4] or stored[7] ~= process then',
    'if true then',
  ],
  ['a claim stays caught up', 'claim', ", 'caught_up', '0')", ')'],
  ['discarding forgets to forget', 'discard', "call('UNLINK', unpack(KEYS, 2, 7))", ''],
  ['discarding is for whoever was fenced', 'discard', 'if broken then return broken end', ''],
];

const planted = (name: keyof typeof SCRIPTS, from: string, to: string): Script => {
  const { keyCount, text } = SCRIPTS[name];
  expect(text).toContain(from);
  return scriptOf(name, keyCount, text.replace(from, to));
};

/** A connection that runs the planted script in place of the true one. */
const running =
  (name: keyof typeof SCRIPTS, bug: Script) =>
  (connection: RedisConnection): RedisConnection => ({
    ...connection,
    run: (script, keys, args) =>
      connection.run(script === SCRIPTS[name] ? bug : script, keys, args),
  });

describeWithServices('scripts of Redis', (services) => {
  /** The first promise that does not hold. */
  const brokenBy = async (
    through?: (connection: RedisConnection) => RedisConnection,
  ): Promise<string | null> => {
    for (const [name, promised] of Object.entries(PROMISES)) {
      const harness = await redisHarness(services().redisUrl, uniqueName('planted'), through);
      try {
        await promised(harness);
      } catch (error) {
        return `${name}: ${(error as Error).message.split('\n')[0]}`;
      } finally {
        await harness.close();
      }
    }
    return null;
  };

  test('keep every promise', async () => {
    expect(await brokenBy()).toBeNull();
  });

  test.each(BUGS)('%s: caught', async (_, name, from, to) => {
    expect(await brokenBy(running(name, planted(name, from, to)))).not.toBeNull();
  });
});
