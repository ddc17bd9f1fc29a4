/**
 * A load of believable records, and what must be true of a pipe that has taken all of it, however
 * often its processor was ended or killed meanwhile: what the reference and one undisturbed fold
 * say of the same records. Commits, boundaries and ticks may lie elsewhere each time; everything
 * that a reader can count on may not.
 */

import { policyOf } from '@holdfast/config/policy.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { decodeCustomer } from '@holdfast/domain/customer-state.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { type Instant, instant } from '@holdfast/domain/scalars.ts';
import { HEADERS, numberHeader } from '@holdfast/pipeline/headers.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';
import { expect } from 'vitest';
import { startRun } from '../machine/run.ts';
import type { Reference } from '../reference/reference.ts';
import { figuresAt, inForceAt, inOrder, referenceOf } from './expected.ts';
import { allFigures } from './gauges.ts';
import {
  classificationsIn,
  type InForce,
  movementsIn,
  netClassifications,
  netLedger,
  sumOf,
} from './ledger.ts';
import { type PublishedDelta, readDeltas } from './outputs.ts';
import type { Pipe } from './pipe.ts';
import { readProjections } from './projections.ts';
import { eventsOf, type Scrape } from './scrape.ts';

const DAY_MS = 86_400_000;
const COMPANY = { seed: 7, customers: 3_000, from: instant(Date.parse('2024-01-01T00:00:00Z')) };
const EVENTS = 24_000;
/** What is agreed for later comes due, and steps leave windows, between the load's end and this. */
const AFTER_MS = 180 * DAY_MS;

/** As a policy file has it. */
export const LOAD_POLICY = { dimensions: ['segment', 'region'] };

export interface Load {
  readonly records: readonly ChangeRecord[];
  /** When the last record was written: a processor that lives from here on takes all of them. */
  readonly from: Instant;
  /** Where the figures are compared. */
  readonly end: Instant;
  /** What the reference knows of the records. */
  readonly known: Reference;
  readonly ledger: readonly InForce[];
  /** The same records folded at once, with nothing in between. */
  readonly customers: ReadonlyMap<string, Customer>;
  readonly classifications: readonly object[];
}

export const makeLoad = async (): Promise<Load> => {
  const policy = policyOf(LOAD_POLICY);
  const records = simulateCompany(COMPANY).take(EVENTS).toArray();
  const from = records.at(-1)!.recordedAt;
  const end = instant(from + AFTER_MS);
  const known = referenceOf(records, policy);
  const run = await startRun(policy, records.length);
  const arrived = records.map((record, offset) => ({ record, offset }));
  const said = [
    ...(await run.commit({ asOf: from, records: arrived })),
    ...(await run.commit({ asOf: end, records: [] })),
  ];
  const customers = (await run.customers()).map(
    ({ customerId, value }) => [customerId, decodeCustomer(customerId, value)] as const,
  );
  return {
    records,
    from,
    end,
    known,
    ledger: inForceAt(known, end),
    customers: new Map(customers),
    classifications: netClassifications(classificationsIn(said)),
  };
};

/**
 * What a projection says from an instant on. Announcements of what has come due by then are still
 * stored or not, as the last record fell; and records have other offsets in the undisturbed fold.
 */
const stateFrom = (end: number, { announced, ...rest }: Customer): object => ({
  ...rest,
  announced: announced
    .filter(({ effectiveAt }) => effectiveAt > end)
    .map(({ cause: { offset: _, ...cause }, ...other }) => ({ ...other, cause })),
});

/** One sequence without gap or repetition, and commits that go on from each other. */
const expectSequences = (pipe: Pipe, partitions: readonly (readonly PublishedDelta[])[]): void => {
  for (const [partition, deltas] of partitions.entries()) {
    const wanted = deltas.map((_, sequence) => sequence);
    expect(deltas.map(({ record }) => numberHeader(record, HEADERS.sequence))).toEqual(wanted);
    expect(deltas.map(({ delta }) => delta.deltaId)).toEqual(
      wanted.map((sequence) => `${pipe.identity.generation}:${partition}:${sequence}`),
    );
    let reached = { next: 0, asOf: 0, commit: '' };
    for (const { record } of deltas) {
      const [from, fromAsOf, next, asOf] = [
        HEADERS.fromOffset,
        HEADERS.fromAsOf,
        HEADERS.nextOffset,
        HEADERS.asOf,
      ].map((name) => numberHeader(record, name) ?? Number.NaN) as [number, number, number, number];
      const commit = JSON.stringify([from, fromAsOf, next, asOf]);
      if (commit === reached.commit) continue;
      expect(from, commit).toBeGreaterThanOrEqual(reached.next);
      expect(fromAsOf, commit).toBeGreaterThanOrEqual(reached.asOf);
      expect(next + asOf, commit).toBeGreaterThan(from + fromAsOf);
      reached = { next, asOf, commit };
    }
  }
};

/** `scraped` at the load's end, the processor stopped. Answers the deltas, for a reader's sake. */
export const expectWhole = async (
  pipe: Pipe,
  { records, end, known, ledger, customers, classifications }: Load,
  scraped: Scrape,
): Promise<readonly (readonly PublishedDelta[])[]> => {
  const events = (result: string) => scraped.value('holdfast_events_total', { result });
  expect(eventsOf(scraped)).toBe(records.length);
  expect(events('duplicate')).toBe(known.counts.duplicates);
  expect(events('version_tie')).toBe(known.counts.versionTies);
  expect(events('too_late')).toBe(known.counts.tooLate);
  expect(events('dead_letter')).toBe(0);
  const figures = allFigures(scraped, pipe.policy.reportingCurrency);
  expect(inOrder(figures)).toEqual(inOrder(figuresAt(known, end)));

  const published = await readDeltas(pipe);
  expectSequences(pipe, published);
  expect(scraped.value('holdfast_deltas_published_total')).toBe(published.flat().length);
  const movements = movementsIn(published);
  expect(netLedger(movements)).toEqual(ledger);
  expect(sumOf(movements)).toBe(known.arr(end));
  const classified = classificationsIn(published.flat().map(({ delta }) => delta));
  expect(netClassifications(classified)).toEqual(classifications);

  const kept = (await readProjections(pipe)).flatMap((each) => [...each.customers]);
  expect(kept).toHaveLength(customers.size);
  for (const [id, customer] of kept) {
    const wanted = customers.get(id);
    expect(wanted, id).toBeDefined();
    expect(stateFrom(end, customer)).toEqual(stateFrom(end, wanted!));
  }
  return published;
};
