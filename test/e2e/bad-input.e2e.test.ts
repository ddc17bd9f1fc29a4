/**
 * Records that can't be taken: each is dead-lettered whole and once, with its reason and where it
 * lay, and what comes after it is processed.
 */

import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import { arrAt } from '@holdfast/domain/steps.ts';
import { sameBytes } from '@holdfast/pipeline/bytes.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, test, vi } from 'vitest';
import { startConsumer } from './consumer.ts';
import { clockAt, startExporter, startProcessor } from './in-process.ts';
import { readDeltas } from './outputs.ts';
import { openPipe, SOON } from './pipe.ts';
import { readProjections } from './projections.ts';
import { customerIn, subscription } from './records.ts';
import { eventsOf, type Scrape, scrape } from './scrape.ts';
import { spoiltRecords } from './spoilt.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const AMOUNT_MINOR = 10_000;
const ARR_MINOR = 12 * AMOUNT_MINOR;
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

const deadLetterCounts = (scraped: Scrape): Record<string, number> =>
  Object.fromEntries(
    scraped
      .series('holdfast_dead_letters_total')
      .map(({ labels, value }) => [labels.reason ?? '', value] as const)
      .filter(([, value]) => value > 0),
  );

const countsOf = (reasons: readonly RejectionReason[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};

describeWithServices('bad input', (services) => {
  test('is dead-lettered whole with reason and place, and everything after it is processed', async () => {
    await using pipe = await openPipe(services(), { maxMessageBytes: MAX_MESSAGE_BYTES });
    const clock = clockAt(NOW);
    const spoilt = await spoiltRecords(pipe, 1, NOW);
    const after = spoilt.map(({ record }, index) =>
      subscription(
        customerIn(record.partition, pipe.partitions, `after${index}`),
        NOW,
        AMOUNT_MINOR,
      ),
    );
    // Each lies before a good one of its partition.
    for (const [index, { record }] of spoilt.entries()) {
      await pipe.produceRaw([record]);
      await pipe.produce([after[index]!]);
    }

    await using exporter = await startExporter(pipe, clock);
    await using consumer = await startConsumer(pipe, pipe.topics.deadLetters);
    await using processor = await startProcessor(pipe, clock);
    const scraped = await vi.waitFor(async () => {
      const seen = await scrape(exporter.url);
      expect(eventsOf(seen)).toBe(2 * spoilt.length);
      expect(seen.value('holdfast_arr', { dimension: 'all' })).toBeDefined();
      return seen;
    }, SOON);

    expect(deadLetterCounts(scraped)).toEqual(countsOf(spoilt.map(({ reason }) => reason)));
    const events = (result: string) => scraped.value('holdfast_events_total', { result });
    expect([events('dead_letter'), events('applied')]).toEqual([spoilt.length, after.length]);
    expect(scraped.sum('holdfast_input_lag_events')).toBe(0);
    expect(scraped.value('holdfast_arr', { dimension: 'all' })).toBe(
      (after.length * ARR_MINOR) / 100,
    );
    expect(scraped.value('holdfast_customers', { dimension: 'all' })).toBe(after.length);

    await vi.waitFor(() => expect(consumer.records).toHaveLength(spoilt.length), SOON);
    const next = new Map<number, number>();
    for (const { what, reason, names, record } of spoilt) {
      const offset = next.get(record.partition) ?? 0;
      next.set(record.partition, offset + 2);
      const letter = consumer.records.find(
        ({ partition, headers }) =>
          partition === record.partition && headers['holdfast-offset'] === String(offset),
      );
      expect(letter, what).toBeDefined();
      expect(letter?.key?.toString() ?? null, what).toBe(record.key);
      // Compared as bytes: printing 2 MB of difference helps no one.
      expect(sameBytes(letter?.value ?? null, record.value), what).toBe(true);
      expect(letter?.headers, what).toEqual({
        'holdfast-topic': pipe.topics.changes,
        'holdfast-partition': String(record.partition),
        'holdfast-offset': String(offset),
        'holdfast-reason': reason,
        'holdfast-message': expect.stringContaining(names),
      });
    }

    await processor.stop();
    const projections = await readProjections(pipe);
    const arr = projections.flatMap(({ customers }) =>
      [...customers].map(([id, { steps }]) => [id, arrAt(steps, NOW)]),
    );
    expect(arr.sort()).toEqual(after.map(({ customerId }) => [customerId, ARR_MINOR]).sort());
    expect((await readDeltas(pipe)).flat()).toHaveLength(after.length);
  });
});
