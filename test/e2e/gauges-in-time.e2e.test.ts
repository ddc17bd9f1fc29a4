/**
 * Gauges are right at every instant or absent: they move when time passes and no event arrives,
 * and nobody is shown a sum in which a partition is missing.
 */

import { avroName, schemaText } from '@holdfast/contracts/schemas.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { schemaRegistry, subjectOf } from '@holdfast/kafka/registry.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import avsc from 'avsc';
import { afterEach, expect, test, vi } from 'vitest';
import { framed, wireOfDomain } from '../../packages/contracts/testing/vanilla.ts';
import { startChild } from './child.ts';
import { openGate } from './gate.ts';
import { presentOf, retentionOf } from './gauges.ts';
import { clockAt, type SetClock, startExporter, startProcessor } from './in-process.ts';
import { movementsIn } from './ledger.ts';
import { readDeltas } from './outputs.ts';
import { openPipe, type Pipe, SOON } from './pipe.ts';
import { customerIn, subscription } from './records.ts';
import { asOfOf, eventsOf, type Scrape, scrape } from './scrape.ts';

const ALL = { dimension: 'all', member: 'all' } as const;
const SECOND_MS = 1_000;
const AMOUNT_MINOR = 10_000;
const ARR_MINOR = 12 * AMOUNT_MINOR;

const at = (text: string): number => Date.parse(text);

/** What a scrape shows once the pipe stands at the clock. */
const shownAt = async (url: string, clock: SetClock, records: number): Promise<Scrape> =>
  vi.waitFor(async () => {
    const scraped = await scrape(url);
    expect([asOfOf(scraped), eventsOf(scraped)]).toEqual([clock.at, records]);
    return scraped;
  }, SOON);

/** An exporter first asks Kafka how many partitions there are. */
const firstScrape = (url: string): Promise<Scrape> => vi.waitFor(() => scrape(url), SOON);

const month = (scraped: Scrape) => retentionOf(scraped, 'USD', { window: 'P1M', ...ALL });
const present = (scraped: Scrape) => presentOf(scraped, 'USD', ALL);

const problemOf = async (url: string): Promise<string> => {
  const response = await fetch(`${url}/readyz`);
  return response.status === 503 ? ((await response.json()) as { detail: string }).detail : 'ready';
};

const FIGURES = ['holdfast_arr', 'holdfast_customers', 'holdfast_retention_opening_arr'];

/** Neither a sum nor its instant. */
const expectAbsent = (scraped: Scrape): void => {
  expect(FIGURES.flatMap((name) => scraped.series(name))).toEqual([]);
  expect(asOfOf(scraped)).toBeUndefined();
};

/** A record that a writer of a newer schema wrote: it can't be read without asking the registry. */
const newerRecord = async (pipe: Pipe, customer: string, now: number) => {
  const registry = schemaRegistry({ url: pipe.services.registryUrl, clientId: 'e2e' });
  const current = JSON.parse(schemaText('subscription-changed')) as { fields: object[] };
  const note = { name: 'note', type: 'string', default: '' };
  const schema = { ...current, fields: [...current.fields, note] };
  const subject = subjectOf(pipe.topics.changes, avroName('subscription-changed'));
  const id = await registry.registerSchema(subject, JSON.stringify(schema));
  const record = subscription(customer, now, AMOUNT_MINOR);
  const wire = wireOfDomain('subscription-changed', record) as object;
  const type = avsc.Type.forSchema(schema as avsc.Schema);
  const value = framed(id, type.toBuffer({ ...wire, note: 'new' }));
  return { id, record: { key: customer, value, timestamp: now } };
};

describeWithServices('gauges', (services) => {
  afterEach(() => vi.useRealTimers());

  test('move as time passes: a step leaves the window, a scheduled end comes due, no event arrives', async () => {
    await using pipe = await openPipe(services());
    const clock = clockAt(at('2026-02-05T10:00:00Z'));
    const end = at('2026-03-20T00:00:00Z');
    const records = [
      subscription('grows', at('2026-01-10T00:00:00Z'), AMOUNT_MINOR),
      subscription('grows', at('2026-02-05T10:00:00Z'), 2 * AMOUNT_MINOR),
      subscription('ends', at('2026-01-10T00:00:00Z'), AMOUNT_MINOR, {
        scheduled: [{ effectiveAt: instant(end), status: 'ended', items: [] }],
      }),
    ];
    await pipe.produce(records);
    await using exporter = await startExporter(pipe, clock);
    await using _processor = await startProcessor(pipe, clock);

    const shown = async (text: string) => {
      clock.at = instant(at(text));
      return shownAt(exporter.url, clock, records.length);
    };
    const before = await shown('2026-03-05T09:59:59.999Z');
    expect(month(before)).toMatchObject({ opening_arr_minor: 2 * ARR_MINOR, nrr: 1.5, grr: 1 });
    expect(present(before)).toEqual({ arr_minor: 3 * ARR_MINOR, customers: 2 });
    const left = await shown('2026-03-05T10:00:00Z');
    expect(month(left)).toMatchObject({ opening_arr_minor: 3 * ARR_MINOR, nrr: 1, grr: 1 });

    const still = await shown('2026-03-19T23:59:59.999Z');
    expect(still.value('holdfast_arr_movement_total', { movement: 'churn' })).toBe(0);
    const ended = await shown('2026-03-20T00:00:00Z');
    expect(month(ended)).toMatchObject({ churned_arr_minor: ARR_MINOR, nrr: 2 / 3, grr: 2 / 3 });
    expect(present(ended)).toEqual({ arr_minor: 2 * ARR_MINOR, customers: 1 });
    expect(still.series('holdfast_retention_largest_loss_arr')).toEqual([]);
    expect(ended.series('holdfast_retention_largest_loss_arr')).toEqual([
      { labels: { window: 'P1M', currency: 'USD' }, value: ARR_MINOR / 100 },
    ]);
    expect(ended.value('holdfast_arr_movement_total', { movement: 'churn' })).toBe(ARR_MINOR / 100);
    const movements = await vi.waitFor(async () => {
      const said = movementsIn(await readDeltas(pipe));
      expect(said).toHaveLength(4);
      return said;
    }, SOON);
    expect(movements.find(({ movement }) => movement === 'churn')).toMatchObject({
      customerId: 'ends',
      effectiveAt: end,
      amountMinor: -ARR_MINOR,
      cause: { eventId: records[2]!.eventId },
    });
  });

  test('are absent until every partition has caught up, and again after the next start', async () => {
    await using pipe = await openPipe(services());
    await using gate = await openGate(pipe.services.registryUrl);
    const behindGate = { env: { ...pipe.env, HOLDFAST_REGISTRY_URL: gate.url } };
    const clock = clockAt(at('2026-02-05T10:00:00Z'));
    await using exporter = await startExporter(pipe, clock);
    expectAbsent(await firstScrape(exporter.url));
    expect(await problemOf(exporter.url)).toContain('partition 0 was never claimed');

    const inPartition = (partition: number, name: string): string =>
      customerIn(partition, pipe.partitions, name);
    await pipe.produce(
      [0, 1].map((p) => subscription(inPartition(p, 'a'), clock.at, AMOUNT_MINOR)),
    );
    const processor = await startProcessor(behindGate, clock);
    const whole = await shownAt(exporter.url, clock, 2);
    expect(present(whole)).toEqual({ arr_minor: 2 * ARR_MINOR, customers: 2 });
    await processor.stop();

    // Partition 1 needs a schema that it can't get; partition 0 goes on.
    const { id, record } = await newerRecord(pipe, inPartition(1, 'b'), clock.at);
    gate.refused = `/schemas/ids/${id}`;
    await pipe.produceRaw([record]);
    await pipe.produce([subscription(inPartition(0, 'b'), clock.at, AMOUNT_MINOR)]);
    await using again = await startProcessor(behindGate, clock);
    await vi.waitFor(async () => {
      expect((await scrape(again.url)).value('holdfast_partitions_blocked')).toBe(1);
      expect(eventsOf(await scrape(exporter.url))).toBe(3);
    }, SOON);
    expectAbsent(await scrape(exporter.url));
    expect(await problemOf(exporter.url)).toContain('partition 1 has not caught up');
    expect(await problemOf(again.url)).toMatch(
      /partition 1: the schema registry cannot be reached/,
    );

    gate.refused = null;
    const caughtUp = await shownAt(exporter.url, clock, 4);
    expect(present(caughtUp)).toEqual({ arr_minor: 4 * ARR_MINOR, customers: 4 });
    expect(await problemOf(again.url)).toBe('ready');
  });

  test('are absent when nobody has owned the partitions for over a minute', async () => {
    await using pipe = await openPipe(services());
    const now = Date.now();
    await pipe.produce([subscription('acme', now, AMOUNT_MINOR)]);
    await using processor = await startChild('processor', pipe.env);
    await using watching = await startChild('exporter', pipe.env);
    const seen = await vi.waitFor(async () => {
      const scraped = await scrape(watching.url);
      expect(present(scraped)).toEqual({ arr_minor: ARR_MINOR, customers: 1 });
      return scraped;
    }, SOON);
    expect(asOfOf(seen)).toBeGreaterThanOrEqual(now);
    expect(await processor.end('SIGTERM')).toBe(0);
    const last = asOfOf(await scrape(watching.url))!;

    vi.useFakeTimers({ toFake: ['Date'], now: last + 59 * SECOND_MS });
    await using exporter = await startExporter(pipe, null);
    expect(present(await firstScrape(exporter.url))).toEqual({
      arr_minor: ARR_MINOR,
      customers: 1,
    });
    vi.setSystemTime(last + 61 * SECOND_MS);
    expectAbsent(await scrape(exporter.url));
    expect(await problemOf(exporter.url)).toContain('has not moved for over a minute');
  });
});
