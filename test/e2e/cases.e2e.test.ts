/**
 * Every worked case through Kafka, the registry, Redis and `/metrics`: the records are written in
 * Avro as a live source writes them, the clock stands at one instant of the case after another, and
 * what is scraped, kept in Redis and published must be the numbers of the file, to the minor unit.
 * The name of each test says what of its case is checked here (cases.ts and stops.ts say why not the rest). At
 * every stop all other gauges are held against the reference as well.
 */

import { instant } from '@holdfast/domain/scalars.ts';
import { arrAt } from '@holdfast/domain/steps.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { describe, expect, test, vi } from 'vitest';
import { type ArrAt, loadCases, type Worked, wordsOf } from './cases.ts';
import { figuresAt, inForceAt, inOrder, referenceOf } from './expected.ts';
import { allFigures } from './gauges.ts';
import { clockAt, type SetClock, startExporter, startProcessor } from './in-process.ts';
import { movementsIn, netLedger, sumOf } from './ledger.ts';
import { readDeltas } from './outputs.ts';
import { openPipe, type Pipe, SOON } from './pipe.ts';
import { readProjections } from './projections.ts';
import { asOfOf, eventsOf, type Scrape, scrape } from './scrape.ts';
import { expectGauges, expectRows } from './wanted.ts';

/** Scrapes until the pipe stands at the clock with so many records folded. */
const settled = (url: string, clock: SetClock, records: number): Promise<Scrape> =>
  vi.waitFor(async () => {
    const scraped = await scrape(url);
    expect({ events: eventsOf(scraped), asOf: asOfOf(scraped) }).toEqual({
      events: records,
      asOf: clock.at,
    });
    return scraped;
  }, SOON);

/** Writes the records as time goes by, to the last of them. */
const deliver = async (
  pipe: Pipe,
  { records, deltas }: Worked,
  range: { readonly from: number; readonly to: number },
  clock: SetClock,
  until: number,
  url: string,
): Promise<void> => {
  for (let next = range.from; next < range.to; ) {
    const first = records[next]!;
    clock.at = instant(Math.max(clock.at, Math.min(first.recordedAt, until)));
    const together = records
      .slice(next, range.to)
      // Where deltas are wanted, each record is a commit of its own.
      .findIndex((record, index) => index > 0 && (deltas !== null || record.recordedAt > clock.at));
    const end = together < 0 ? range.to : next + together;
    await pipe.produce(records.slice(next, end));
    next = end;
    await vi.waitFor(async () => expect(eventsOf(await scrape(url))).toBe(end), SOON);
  }
};

const runLive = async (pipe: Pipe, worked: Worked): Promise<number> => {
  const { records, stops } = worked;
  const { reportingCurrency } = pipe.policy;
  const clock = clockAt(Math.min(...records.map(({ recordedAt }) => recordedAt)));
  await using exporter = await startExporter(pipe, clock);
  await using processor = await startProcessor(pipe, clock);
  let from = 0;
  for (const { wanted, delivered } of stops) {
    await deliver(pipe, worked, { from, to: delivered }, clock, wanted.asOf, exporter.url);
    from = delivered;
    clock.at = instant(wanted.asOf);
    const scraped = await settled(exporter.url, clock, delivered);
    expectGauges(scraped, reportingCurrency, wanted);
    const known = referenceOf(records.slice(0, delivered), pipe.policy);
    expect(inOrder(allFigures(scraped, reportingCurrency))).toEqual(
      inOrder(figuresAt(known, wanted.asOf)),
    );
  }
  const rest = { from, to: records.length };
  await deliver(pipe, worked, rest, clock, Number.POSITIVE_INFINITY, exporter.url);
  const scraped = await settled(exporter.url, clock, records.length);
  expect(scraped.sum('holdfast_dead_letters_total')).toBe(0);
  await processor.stop();
  return clock.at;
};

const expectPast = (arrOf: ReadonlyMap<string, number>, { wanted }: ArrAt): void => {
  const { arr_minor, customers = {} } = wanted;
  expect(
    [...arrOf.values()].reduce((sum, arr) => sum + arr, 0),
    wanted.as_of,
  ).toBe(arr_minor);
  expect(Object.fromEntries(arrOf)).toMatchObject(customers);
};

describeWithServices('worked cases end to end', (services) => {
  describe.concurrent.each(
    loadCases().map((worked) => [worked.name, wordsOf(worked), worked] as const),
  )('%s', (_name, words, worked) => {
    test(words, async () => {
      expect(words).not.toMatch(/^nothing/);
      // The order of deltas is one partition's; everything else is a sum over several.
      const partitions = worked.deltas === null ? 2 : 1;
      await using pipe = await openPipe(services(), { policy: worked.policy, partitions });
      const asOf = await runLive(pipe, worked);
      const whole = referenceOf(worked.records, pipe.policy);

      const movements = movementsIn(await readDeltas(pipe));
      if (worked.deltas !== null) expectRows(movements, worked.deltas);
      const ledger = netLedger(movements);
      if (worked.ledger !== null) expectRows(ledger, worked.ledger);
      expect(ledger).toEqual(inForceAt(whole, asOf));

      const customers = (await readProjections(pipe)).flatMap((each) => [...each.customers]);
      const arrAsOf = (at: number): ReadonlyMap<string, number> =>
        new Map(customers.map(([id, { steps }]) => [id, arrAt(steps, at)]));
      for (const past of worked.past) expectPast(arrAsOf(past.asOf), past);
      expect([...arrAsOf(asOf)].sort()).toEqual(
        whole.customerIds.map((id) => [id, whole.arrOf(id, asOf)]),
      );
      expect(sumOf(movements)).toBe(whole.arr(asOf));
    });
  });
});
