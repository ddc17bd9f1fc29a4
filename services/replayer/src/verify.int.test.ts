/** The auditor on real servers: silent where all is right, and damage that was planted is named. */

import { instant } from '@holdfast/domain/scalars.ts';
import { withAdmin } from '@holdfast/kafka/admin.ts';
import { createTopics } from '@holdfast/kafka/topics.ts';
import { HEADERS } from '@holdfast/pipeline/headers.ts';
import type { PublishedRecord } from '@holdfast/pipeline/ports.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { clockAt, startProcessor } from '../../../test/e2e/in-process.ts';
import { readTopic } from '../../../test/e2e/outputs.ts';
import { openPipe, type Pipe } from '../../../test/e2e/pipe.ts';
import { customerIn, subscription } from '../../../test/e2e/records.ts';
import { call, untilFolded } from '../../../test/e2e/replayer.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-10T00:00:00Z');
const PARTITIONS = 2;
const CUSTOMERS = 30;

const lives = (customers: number, name: string) =>
  Array.from({ length: customers }, (_, number) => {
    const id = customerIn(number % PARTITIONS, PARTITIONS, `${name}${number}`);
    return [
      subscription(id, START, 10_000),
      subscription(id, START + (number + 1) * DAY_MS, 15_000, {
        scheduled: [
          { effectiveAt: instant(START + (number + 90) * DAY_MS), status: 'ended', items: [] },
        ],
      }),
    ];
  }).flat();

const NOW = START + 60 * DAY_MS;
const RECORDS = 2 * CUSTOMERS + 1;

/** Everything folded and published, one record dead, no processor left. */
const atRest = async (pipe: Pipe): Promise<void> => {
  await pipe.produce(lives(CUSTOMERS, 'c'));
  await pipe.produceRaw([
    { key: 'k', value: Buffer.from('spoilt'), timestamp: START, partition: 1 },
  ]);
  const clock = clockAt(NOW);
  await using processor = await startProcessor(pipe, clock);
  await untilFolded(pipe, '1', RECORDS);
  await processor.stop();
};

/** The same deltas in another topic, changed. */
const copyDeltas = async (
  pipe: Pipe,
  name: string,
  change: (records: readonly PublishedRecord[]) => readonly PublishedRecord[],
): Promise<Readonly<Record<string, string>>> => {
  const topic = `${pipe.topics.deltas}.${name}`;
  const settings = { 'retention.ms': '-1' };
  await withAdmin(pipe.kafka, (admin) =>
    createTopics(admin, [{ topic, partitions: PARTITIONS, settings }]),
  );
  const producer = pipe.kafka.producer();
  await producer.connect();
  for (const [partition, records] of (await readTopic(pipe, pipe.topics.deltas)).entries()) {
    await producer.send({
      topic,
      messages: change(records).map(({ key, value, headers }) => ({
        key: key === null ? null : Buffer.from(key),
        value: value === null ? null : Buffer.from(value),
        headers,
        partition,
      })),
    });
  }
  await producer.disconnect();
  return { HOLDFAST_TOPIC_DELTAS: topic };
};

const without = (records: readonly PublishedRecord[], at: number): readonly PublishedRecord[] =>
  records.filter((_, each) => each !== at);

describeWithServices('replayer verify', (services) => {
  test('finds nothing where all is right, also while a processor goes on', async () => {
    await using pipe = await openPipe(services(), { partitions: PARTITIONS });
    await pipe.produce(lives(200, 'first'));
    const clock = clockAt(NOW);
    await using processor = await startProcessor(pipe, clock);
    await untilFolded(pipe, '1', 400);
    const loading = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await pipe.produce(lives(20, `round${round} `));
        clock.at = instant(NOW + round * 5 * DAY_MS);
      }
    })();
    const { exit, out } = await call(pipe, ['verify', '--json']);
    expect({ exit, ...JSON.parse(out) }).toMatchObject({ exit: 0, right: true });
    await loading;
    await untilFolded(pipe, '1', 1_200);
    await processor.stop();
    const { out: words } = await call(pipe, ['verify']);
    expect(words).toContain('partition 0: right up to offset ');
    expect(words).toContain(', 300 customers, ');
  });

  test('names what is wrong in the store', async () => {
    await using pipe = await openPipe(services(), { partitions: PARTITIONS });
    await atRest(pipe);
    expect(await call(pipe, ['verify'])).toMatchObject({ exit: 0, err: '' });
    const redis = new Redis(pipe.services.redisUrl);
    const key = (name: string): string => `holdfast:{${pipe.identity.instance}:1:1}:${name}`;
    /** Does harm, verifies, and mends it. */
    const found = async (harm: () => Promise<() => Promise<unknown>>): Promise<string> => {
      const mend = await harm();
      const { exit, out } = await call(pipe, ['verify']);
      expect(exit).toBe(1);
      expect(out).toMatch(/^partition 0: right/);
      await mend();
      return out;
    };
    try {
      const [id, other] = (await redis.hkeys(key('c:0'))) as [string, string];
      const [mine, theirs] = (await redis.hmget(key('c:0'), id, other)) as [string, string];
      const field = 'arr/all/all';
      const aggregate = (await redis.hget(key('aggregates'), field)) as string;
      const due = (await redis.zscore(key('due'), '0')) as string;
      const folded = (await redis.hget(key('counters'), 'events:applied')) as string;
      expect([aggregate, due, folded]).not.toContain(null);

      expect(
        await found(async () => {
          await redis.hset(key('c:0'), id, theirs);
          return () => redis.hset(key('c:0'), id, mine);
        }),
      ).toMatch(
        new RegExp(`partition 1, customer "${id}": stored is .*; want .*a stored customer`),
      );
      expect(
        await found(async () => {
          await redis.hdel(key('c:0'), id);
          return () => redis.hset(key('c:0'), id, mine);
        }),
      ).toContain(`partition 1, customer "${id}": the store does not hold this customer`);
      expect(
        await found(async () => {
          await redis.hset(key('aggregates'), field, `${aggregate}1`);
          return () => redis.hset(key('aggregates'), field, aggregate);
        }),
      ).toContain(`partition 1: ${field} is ${aggregate}1; want ${aggregate}`);
      expect(
        await found(async () => {
          await redis.zadd(key('due'), String(Number(due) + 200 * DAY_MS), '0');
          return () => redis.zadd(key('due'), due, '0');
        }),
      ).toMatch(/partition 1, customer .*: due at .* want .* at the latest .*no due entry is late/);
      expect(
        await found(async () => {
          await redis.hset(key('counters'), 'events:applied', String(Number(folded) - 1));
          return () => redis.hset(key('counters'), 'events:applied', folded);
        }),
      ).toContain(`events:applied is ${Number(folded) - 1}; want ${folded}`);
      expect(await call(pipe, ['verify'])).toMatchObject({ exit: 0 });
    } finally {
      redis.disconnect();
    }
  });

  test('names what is wrong in the logs', async () => {
    await using pipe = await openPipe(services(), { partitions: PARTITIONS });
    await atRest(pipe);
    const gap = await copyDeltas(pipe, 'gap', (records) => without(records, 5));
    expect(await call(pipe, ['verify'], gap)).toMatchObject({
      exit: 1,
      out: expect.stringContaining('delta 6 at 5; want 5 (promise broken: sequences'),
    });
    const dropped = await copyDeltas(pipe, 'dropped', (records) =>
      without(records, 5).map((record, at) => ({
        ...record,
        headers: { ...record.headers, [HEADERS.sequence]: String(at) },
      })),
    );
    expect(await call(pipe, ['verify'], dropped)).toMatchObject({
      exit: 1,
      out: expect.stringContaining('delta 5 at 5 is 1:0:6'),
    });
    const cut = await copyDeltas(pipe, 'cut', (records) => records.slice(0, -1));
    expect(await call(pipe, ['verify'], cut)).toMatchObject({
      exit: 1,
      out: expect.stringMatching(/the log ends before delta \d+, the store before \d+/),
    });
  });

  test('says in one line what it can not do', async () => {
    await using pipe = await openPipe(services(), { partitions: PARTITIONS });
    expect(await call(pipe, ['verify'])).toEqual({
      exit: 1,
      out: '',
      err: expect.stringMatching(
        /^replayer verify: .*partition 0 of this generation holds nothing.*\n$/,
      ),
    });
    expect(await call(pipe, ['verify', '--generation', 'a b'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('HOLDFAST_GENERATION "a b"'),
    });
  });
});
