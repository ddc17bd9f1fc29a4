/**
 * `pnpm bench:ledger [customers ...]`: how fast the ledger takes deltas in and answers, by the
 * number of customers. Prints the machine it ran on; asserts nothing.
 */

import { cpus } from 'node:os';
import { ALL } from '@holdfast/domain/aggregates.ts';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import { DEFINITION_NAMES } from '@holdfast/domain/definitions/definition.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { periodsOf } from '@holdfast/domain/waterfall-periods.ts';
import { openLedger } from '@holdfast/ledger/ledger.ts';
import { deltasOf, END, POLICY } from './ledger-deltas.ts';

const BATCH = 20_000;
const ROUNDS = 5;
const asOf = END - 1;
const halfAYearBefore = Date.UTC(2025, 5, 30);

interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

async function timed(body: () => Promise<unknown>): Promise<Took> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await body();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1_000 };
}

/** The middle one of some rounds, after one that warms up. */
async function median(body: () => Promise<unknown>): Promise<Took> {
  await body();
  const rounds: Took[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await timed(body));
  return rounds.sort((a, b) => a.ms - b.ms)[Math.floor(ROUNDS / 2)] as Took;
}

const line = (what: string, { ms, cpuMs }: Took): void =>
  console.log(
    `  ${what.padEnd(44)} ${ms.toFixed(0).padStart(7)} ms ${cpuMs.toFixed(0).padStart(8)} ms CPU`,
  );

async function run(customers: number): Promise<void> {
  const ledger = await openLedger({ policy: POLICY, partitions: 1, path: null, memoryMiB: 4_096 });
  let taken = 0;
  let batch: Delta[] = [];
  const flush = async (): Promise<void> => {
    taken += batch.length;
    await ledger.intake.take(0, batch, taken);
    batch = [];
  };
  const took = await timed(async () => {
    for (const delta of deltasOf(customers)) {
      batch.push(delta);
      if (batch.length === BATCH) await flush();
    }
    await flush();
  });
  console.log(
    `${customers.toLocaleString('en-US')} customers, ${taken.toLocaleString('en-US')} deltas`,
  );
  line(`taken in: ${Math.round(taken / (took.ms / 1_000)).toLocaleString('en-US')} a second`, took);
  const window = 'P12M';
  for (const name of DEFINITION_NAMES) {
    const asked = { asOf, window, definition: DEFINITIONS[name], dimension: ALL, knownAt: null };
    line(`retention ${name}`, await median(() => ledger.retention(asked)));
  }
  const definition = DEFINITIONS.point_to_point;
  const bySegment = { asOf, window, definition, dimension: 'segment', knownAt: null };
  line('retention by segment', await median(() => ledger.retention(bySegment)));
  const then = { ...bySegment, asOf: halfAYearBefore, knownAt: halfAYearBefore };
  line('retention by segment, as known then', await median(() => ledger.retention(then)));
  const periods = periodsOf(ledger.rules.zone, Date.UTC(2025, 0, 1), END, 'P1M');
  for (const dimension of [ALL, 'segment']) {
    const asked = { periods, dimension, gross: false };
    line(
      `movements of 12 months by ${dimension}`,
      await median(() => ledger.movements(asked, null)),
    );
  }
  const explain = {
    ...bySegment,
    dimension: ALL,
    member: null,
    part: null,
    customer: null,
    limit: 50,
    after: null,
  };
  line('explain, first page', await median(() => ledger.explain(explain)));
  line('one customer', await median(() => ledger.story(7, { asOf, knownAt: null })));
  const feed = { limit: 50, after: null, movement: null, customer: null };
  line('feed, first page', await median(() => ledger.feed(feed)));
  line('customers by a part of the name', await median(() => ledger.search('omer 77', 20, asOf)));
  const months = periods.map(({ to }) => to - 1);
  line('history of 12 months', await median(() => ledger.history(bySegment, months)));
  await ledger.close();
}

const sizes = process.argv.slice(2).map(Number);
console.log(
  `${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}, two threads of DuckDB`,
);
for (const customers of sizes.length === 0 ? [100_000, 1_000_000] : sizes) await run(customers);
