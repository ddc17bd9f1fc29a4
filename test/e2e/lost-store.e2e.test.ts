/**
 * Redis lost whole: the published logs are the truth. The processor folds again from the input,
 * says nothing twice, lets what is dead stay dead, and its figures are those of before.
 */

import { instant } from '@holdfast/domain/scalars.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { Redis } from 'ioredis';
import { expect, test, vi } from 'vitest';
import { inOrder } from './expected.ts';
import { allFigures } from './gauges.ts';
import { clockAt, type SetClock, startExporter, startProcessor } from './in-process.ts';
import { readTopic } from './outputs.ts';
import { openPipe, type Pipe, type RawRecord, SOON } from './pipe.ts';
import { customerIn, subscription } from './records.ts';
import { asOfOf, eventsOf, type Scrape, scrape } from './scrape.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-10T00:00:00Z');
const PARTITIONS = 2;
const CUSTOMERS = 40;

/** The life of each customer: won, grown, told to end one day. */
const records = Array.from({ length: CUSTOMERS }, (_, number) => {
  const id = customerIn(number % PARTITIONS, PARTITIONS, `customer${number}`);
  const grown = START + (number + 1) * DAY_MS;
  const end = instant(grown + 60 * DAY_MS);
  return [
    subscription(id, START, 10_000),
    subscription(id, grown, 15_000),
    subscription(id, grown + DAY_MS, 15_000, {
      scheduled: [{ effectiveAt: end, status: 'ended', items: [] }],
    }),
  ];
}).flat();

const KNOWN = START + (CUSTOMERS + 2) * DAY_MS;
const END = KNOWN + 60 * DAY_MS;

/** Refused for ever, and refused for being written ahead of its time: by the end it would be taken. */
const spoiltRecords = (pipe: Pipe): readonly RawRecord[] => {
  const ahead = subscription(customerIn(0, PARTITIONS, 'ahead'), KNOWN + 10 * DAY_MS, 10_000);
  return [
    { key: ahead.customerId, value: pipe.encode(ahead), timestamp: KNOWN },
    { key: 'spoilt', value: Buffer.from('spoilt'), timestamp: START, partition: 1 },
  ];
};
const SPOILT = 2;

const forget = async ({ services, identity }: Pipe): Promise<void> => {
  const redis = new Redis(services.redisUrl);
  const keys = await redis.keys(`holdfast:{${identity.instance}:*`);
  expect(await redis.unlink(...keys)).toBeGreaterThan(0);
  redis.disconnect();
};

/** What leaves a pipe: figures and totals of a scrape, and both logs. */
const outcomeOf = async (pipe: Pipe, scraped: Scrape): Promise<object> => ({
  figures: inOrder(allFigures(scraped, pipe.policy.reportingCurrency)),
  totals: ['events', 'dead_letters', 'arr_movement', 'deltas_published'].map((name) =>
    scraped.series(`holdfast_${name}_total`),
  ),
  deltas: await readTopic(pipe, pipe.topics.deltas),
  deadLetters: await readTopic(pipe, pipe.topics.deadLetters),
});

/** Runs until all is folded at each of these instants, then stops in order. */
const run = async (pipe: Pipe, clock: SetClock, instants: readonly number[]): Promise<Scrape> => {
  await using exporter = await startExporter(pipe, clock);
  await using processor = await startProcessor(pipe, clock);
  let last: Scrape | null = null;
  for (const at of instants) {
    clock.at = instant(at);
    last = await vi.waitFor(async () => {
      const scraped = await scrape(exporter.url);
      expect([eventsOf(scraped), asOfOf(scraped)]).toEqual([records.length + SPOILT, at]);
      return scraped;
    }, SOON);
  }
  await processor.stop();
  return last!;
};

describeWithServices('a store that lost everything', (services) => {
  test('is folded again from the input: the logs stay as they are, the figures come back', async () => {
    await using pipe = await openPipe(services(), { partitions: PARTITIONS });
    await pipe.produceRaw(spoiltRecords(pipe));
    await pipe.produce(records);
    const clock = clockAt(KNOWN);
    const before = await outcomeOf(pipe, await run(pipe, clock, [KNOWN, KNOWN + 30 * DAY_MS, END]));
    expect(before).toMatchObject({
      deadLetters: [
        [{ headers: { 'holdfast-reason': 'bad_instant' } }],
        [{ headers: { 'holdfast-reason': 'malformed' } }],
      ],
    });

    await forget(pipe);
    const after = await outcomeOf(pipe, await run(pipe, clock, [END]));
    expect(after).toEqual(before);
  });
});
