/**
 * A processor that is ended or killed in mid-load and started again: it finishes, and projections,
 * aggregates and the net ledger of `arr-deltas` are those of a run that nothing disturbed.
 */

import { openRedis } from '@holdfast/redis/connection.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { beforeAll, expect, test, vi } from 'vitest';
import { type Child, startChild } from './child.ts';
import { startConsumer } from './consumer.ts';
import { clockAt, startExporter } from './in-process.ts';
import { expectWhole, LOAD_POLICY, type Load, makeLoad } from './load.ts';
import { openPipe, type Pipe, SOON } from './pipe.ts';
import { asOfOf, eventsOf, type Scrape, scrape } from './scrape.ts';

const PARTITIONS = 3;
/** Two days a second: ticks move windows and bring scheduled changes while records are folded. */
const SPEED = 172_800;
/** The least fetch that can be configured: many small commits to be interrupted in. */
const FETCH_BYTES = 16_384;
/** A killed member keeps its partitions for the session's six seconds. */
const FINISHED = { timeout: 150_000, interval: 100 } as const;

interface Progress {
  readonly folded: number;
  readonly asOf: number;
}

/** Where the partitions stand in Redis. */
const watch = ({ services, identity }: Pipe, { from }: Load) => {
  const redis = openRedis({ urls: [services.redisUrl], mode: 'single' });
  const reader = redisProjectionReader(redis, { ...identity, partitions: PARTITIONS });
  return {
    progress: async (): Promise<Progress> => {
      const boundaries = (await reader.readViews()).map((view) => view?.meta.boundary);
      return {
        folded: boundaries.reduce((sum, boundary) => sum + (boundary?.nextOffset ?? 0), 0),
        asOf: Math.max(from, ...boundaries.map((boundary) => boundary?.asOf ?? 0)),
      };
    },
    [Symbol.dispose]: () => redis.close(),
  };
};

const iso = (at: number): string => new Date(at).toISOString();

const startProcessor = (pipe: Pipe, clock: string): Promise<Child> =>
  startChild('processor', {
    ...pipe.env,
    HOLDFAST_CLOCK: clock,
    HOLDFAST_FETCH_BYTES: String(FETCH_BYTES),
  });

/** Ends a processor once it has folded a tenth of the load; answers where it stood then. */
const disturb = async (
  pipe: Pipe,
  load: Load,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<Progress> => {
  using watcher = watch(pipe, load);
  const before = await watcher.progress();
  await using processor = await startProcessor(pipe, `from:${iso(before.asOf)},speed:${SPEED}`);
  await vi.waitFor(
    async () => {
      const { folded } = await watcher.progress();
      expect(folded).toBeGreaterThan(before.folded + load.records.length / 10);
    },
    { ...FINISHED, interval: 20 },
  );
  expect(await processor.end(signal)).toBe(signal === 'SIGTERM' ? 0 : null);
  return watcher.progress();
};

/** Lets a processor finish at the load's end, and stops it in order. */
const finish = async (pipe: Pipe, { records, end }: Load): Promise<Scrape> => {
  await using exporter = await startExporter(pipe, clockAt(end));
  await using processor = await startProcessor(pipe, `fixed:${iso(end)}`);
  const scraped = await vi.waitFor(async () => {
    const seen = await scrape(exporter.url);
    expect([eventsOf(seen), asOfOf(seen)]).toEqual([records.length, end]);
    return seen;
  }, FINISHED);
  expect(await processor.end('SIGTERM')).toBe(0);
  return scraped;
};

describeWithServices('a processor in mid-load', (services) => {
  let load: Load;

  beforeAll(async () => {
    load = await makeLoad();
  });

  test('ended with SIGTERM and started again finishes as if nothing had been; every reader sees the same', async () => {
    await using pipe = await openPipe(services(), { policy: LOAD_POLICY, partitions: PARTITIONS });
    await using reader = await startConsumer(pipe, pipe.topics.deltas);
    const { records, end } = load;
    await pipe.produce(records);
    const stopped = await disturb(pipe, load, 'SIGTERM');
    expect(stopped.folded).toBeLessThan(records.length);
    expect(stopped.asOf).toBeLessThan(end);

    const published = await expectWhole(pipe, load, await finish(pipe, load));
    await vi.waitFor(() => expect(reader.records).toHaveLength(published.flat().length), SOON);
    for (const [partition, deltas] of published.entries()) {
      const seen = reader.records.filter((record) => record.partition === partition);
      expect(seen.map(({ offset, value }) => [offset, value?.toString('hex')])).toEqual(
        deltas.map(({ record: { offset, value } }) => [
          offset,
          Buffer.from(value!).toString('hex'),
        ]),
      );
    }
  });

  test('killed with SIGKILL twice, records still coming, finishes as if nothing had been', async () => {
    await using pipe = await openPipe(services(), { policy: LOAD_POLICY, partitions: PARTITIONS });
    const { records, end } = load;
    const most = Math.ceil(records.length * 0.8);
    await pipe.produce(records.slice(0, most));
    const first = await disturb(pipe, load, 'SIGKILL');
    expect(first.folded).toBeLessThan(most);
    const second = await disturb(pipe, load, 'SIGKILL');
    expect(second.folded).toBeLessThan(most);
    expect(second.asOf).toBeLessThan(end);
    await pipe.produce(records.slice(most));
    await expectWhole(pipe, load, await finish(pipe, load));
  });
});
