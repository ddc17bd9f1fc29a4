import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { KeyedTopic } from '@holdfast/kafka/keyed-topic.ts';
import { createLogger } from '@holdfast/telemetry/logger.ts';
import { expect, it } from 'vitest';
import type { Look } from './figures.ts';
import { type MetricPublishing, publishMetrics } from './publish-metrics.ts';

const look: Look = {
  missing: null,
  snapshot: {
    currency: 'EUR',
    generation: '1',
    figures: { asOf: 0, rows: [], largestLossMinor: new Map(), withoutAttribute: new Map() },
    counters: new Map(),
    lastRecordAt: null,
    lagByPartition: new Map(),
    deltasPublished: 0,
  },
};

const codec = {
  encode: () => new Uint8Array(),
  decode: () => {
    throw new Error('nothing is read');
  },
  knows: () => true,
  learn: async () => undefined,
};

/** Its brokers are away: reading waits until it is closed. */
const outOfReach = () => {
  const reading = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const topic: KeyedTopic = {
    // biome-ignore lint/correctness/useYield: nothing ever comes
    read: async function* () {
      reading.resolve();
      await closed.promise;
      throw new HoldfastError('output_unavailable', 'closed');
    },
    write: async () => undefined,
    close: async () => closed.resolve(),
  };
  return { topic, reading: reading.promise };
};

const publishing = (topic: KeyedTopic, stop: AbortSignal, said: string[]): MetricPublishing => ({
  look: async () => look,
  reader: { readPublished: async () => [] },
  openTopic: () => topic,
  openCodec: async () => codec,
  clock: { wait: async () => undefined },
  stopwatch: () => 0,
  now: () => 0,
  log: createLogger({
    service: 'test',
    level: 'info',
    destination: { write: (line) => said.push(line) },
  }),
  stop,
});

it('ends when it is told to while it waits for its topic, and has nothing to complain of', async () => {
  const { topic, reading } = outOfReach();
  const stop = new AbortController();
  const said: string[] = [];
  const published = publishMetrics(publishing(topic, stop.signal, said));
  await reading;
  stop.abort();
  await published;
  expect(said).toEqual([]);
});
