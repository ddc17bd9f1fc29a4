/**
 * `retention-metrics` says what the gauges say, once, and how far readers of `arr-deltas` can rely
 * on these; several exporters say it no differently.
 */

import { avroMetricCodec } from '@holdfast/contracts/avro-metric.ts';
import type { Metric } from '@holdfast/contracts/metric.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, test, vi } from 'vitest';
import { registerMetrics } from '../../packages/service/src/registry.ts';
import { type Consumer, startConsumer } from './consumer.ts';
import { retentionOf } from './gauges.ts';
import { clockAt, type Running, startExporter, startProcessor } from './in-process.ts';
import { readDeltas } from './outputs.ts';
import { openPipe, type Pipe, SOON } from './pipe.ts';
import { customerChanged, subscription } from './records.ts';
import { asOfOf, scrape } from './scrape.ts';

const AMOUNT_MINOR = 10_000;
const at = (text: string): number => Date.parse(text);

interface Told {
  readonly key: string;
  /** Null: removed. */
  readonly metric: Metric | null;
}

/** Every record of the topic so far, also those that a later one of the same key replaces. */
const teller = async (pipe: Pipe, { records }: Consumer): Promise<() => readonly Told[]> => {
  const registry = schemaRegistry({ url: pipe.services.registryUrl, clientId: 'e2e' });
  const codec = avroMetricCodec(await registerMetrics(registry, pipe.topics.metrics), registry);
  return () =>
    records.map(({ key, value }) => ({
      key: String(key),
      metric: value === null ? null : codec.decode(value),
    }));
};

/** What compaction leaves. */
const newest = (told: readonly Told[]): ReadonlyMap<string, Metric> =>
  new Map(
    [...new Map(told.map(({ key, metric }) => [key, metric]))].filter(
      (entry): entry is [string, Metric] => entry[1] !== null,
    ),
  );

/** Retention as the topic has it, in the words of a gauge. */
const ofTopic = (metric: Metric | undefined) => {
  if (metric?.type !== 'retention_metric') return undefined;
  return {
    opening_arr_minor: metric.openingArrMinor,
    expansion_arr_minor: metric.expansionArrMinor,
    contraction_arr_minor: metric.contractionArrMinor,
    churned_arr_minor: metric.churnedArrMinor,
    closing_arr_minor: metric.closingArrMinor,
    opening_customers: metric.openingCustomers,
    retained_customers: metric.retainedCustomers,
    nrr: metric.nrr ?? undefined,
    grr: metric.grr ?? undefined,
    logo_retention: metric.logoRetention ?? undefined,
  };
};

/** The topic and the gauges say the same of every window and member at the instant. */
const expectSame = async (
  told: ReadonlyMap<string, Metric>,
  { url }: Running,
  asOf: number,
): Promise<void> => {
  const scraped = await scrape(url);
  expect(asOfOf(scraped)).toBe(asOf);
  const series = scraped.series('holdfast_retention_opening_arr');
  const keys = series.map(({ labels }) => {
    const { window = '', dimension = '', member = '' } = labels;
    const key = [window, dimension, member].map(encodeURIComponent).join('/');
    const gauges = retentionOf(scraped, 'USD', { window, dimension, member });
    expect(ofTopic(told.get(key)), key).toEqual(gauges);
    return key;
  });
  expect([...told.keys()].filter((key) => !key.startsWith('partition/')).sort()).toEqual(
    keys.sort(),
  );
};

/** Progress of both partitions stands at the instant and tells of every delta that can be read. */
const expectComplete = async (
  pipe: Pipe,
  told: ReadonlyMap<string, Metric>,
  asOf: number,
): Promise<void> => {
  const readable = await readDeltas(pipe);
  const wanted = readable.map((deltas, partition) => ({
    type: 'partition_progress',
    partition,
    asOf,
    sequence: deltas.length - 1,
  }));
  expect(readable.map((_, partition) => told.get(`partition/${partition}`))).toMatchObject(wanted);
};

describeWithServices('retention-metrics', (services) => {
  test('say what the gauges say, and that the deltas are there; from two exporters as from one', async () => {
    await using pipe = await openPipe(services(), { policy: { dimensions: ['segment'] } });
    await using consumer = await startConsumer(pipe, pipe.topics.metrics);
    const told = await teller(pipe, consumer);
    const clock = clockAt(at('2026-02-05T10:00:00Z'));
    const joined = at('2025-11-10T00:00:00Z');
    await pipe.produce([
      customerChanged('stays', joined, { segment: 'smb / new' }),
      subscription('stays', joined, AMOUNT_MINOR),
      customerChanged('goes', joined, { segment: 'large' }),
      subscription('goes', joined, AMOUNT_MINOR),
    ]);
    await using _processor = await startProcessor(pipe, clock);
    await using first = await startExporter(pipe, clock);
    const second = await startExporter(pipe, clock);
    const settled = async (asOf: number): Promise<void> => {
      clock.at = instant(asOf);
      await vi.waitFor(async () => {
        const now = newest(told());
        await expectSame(now, first, asOf);
        await expectComplete(pipe, now, asOf);
      }, SOON);
    };
    await settled(at('2026-02-05T10:00:00Z'));
    expect(newest(told()).get('P1M/segment/smb%20%2F%20new')).toMatchObject({ nrr: 1 });
    await settled(at('2026-02-20T00:00:00Z'));

    await pipe.produce([subscription('goes', clock.at, 0, { status: 'ended', items: [] })]);
    await settled(at('2026-02-20T00:00:01Z'));
    expect(newest(told()).get('P1M/segment/large')).toMatchObject({ nrr: 0, grr: 0 });
    // Its loss leaves the window, and with it the member.
    await settled(at('2026-03-21T00:00:00Z'));
    expect(told()).toContainEqual({ key: 'P1M/segment/large', metric: null });

    // Whoever comes later reads what was said and says nothing twice.
    await second.stop();
    const before = told().length;
    await using third = await startExporter(pipe, clock);
    await vi.waitFor(async () => expect(asOfOf(await scrape(third.url))).toBe(clock.at), SOON);
    await settled(at('2026-03-21T00:00:01Z'));
    const after = told().slice(before);
    expect(after.map(({ key }) => key.replace(/\d+$/, ''))).not.toContainEqual(
      expect.stringMatching(/^P/),
    );
    expect([...first.lines, ...third.lines].join()).not.toContain('"warn"');
  });
});
