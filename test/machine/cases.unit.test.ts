/**
 * Every worked case through the live machine: its deltas, its ledger, and its figures at every
 * instant at which the machine can stand. Numbers come from the files of `test/cases` alone.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { sumRows } from '@holdfast/domain/aggregates.ts';
import { decodeCustomer } from '@holdfast/domain/customer-state.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { grr, logoRetention, nrr, type RetentionSums } from '@holdfast/domain/ratios.ts';
import { arrAt } from '@holdfast/domain/steps.ts';
import { describe, expect, it } from 'vitest';
import { firstInstant } from '../reference/calendar.ts';
import { type ArrivedRecord, knownRecords } from '../reference/customer.ts';
import { type JsonPolicy, type JsonRecord, parsePolicy, parseRecord } from '../reference/json.ts';
import { DAY } from '../streams/moments.ts';
import { netLedger } from './compare.ts';
import { type Run, startRun } from './run.ts';

type Row = Readonly<Record<string, unknown>>;

interface ReportCase {
  readonly as_of: string;
  readonly window: string;
  readonly definition?: string;
  readonly by?: string;
  readonly rows: readonly Row[];
}

interface ArrCase {
  readonly as_of: string;
  readonly known_at?: string;
  readonly arr_minor: number;
  readonly customers?: Readonly<Record<string, number>>;
}

interface Case {
  readonly name: string;
  readonly policy: JsonPolicy;
  readonly events: readonly JsonRecord[];
  readonly expect: {
    readonly report?: readonly ReportCase[];
    readonly arr?: readonly ArrCase[];
    readonly deltas?: readonly Row[];
    readonly ledger?: readonly Row[];
  };
}

const folder = new URL('../cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file): Case => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

/** A date alone means its last millisecond. */
const asOfIn = (zone: string, text: string): number =>
  text.includes('T')
    ? Date.parse(text)
    : firstInstant(zone, Temporal.PlainDate.from(text).add({ days: 1 })) - 1;

/** Whether the machine may be at this as-of when the last of the records arrives. */
const canStand = (records: readonly ArrivedRecord[], asOf: number): boolean =>
  records.every(({ record }) => record.recordedAt <= asOf + DAY);

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** As in files of cases: names as on the wire, instants as numbers. */
const onWire = (row: object): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      snake(name),
      Array.isArray(value) ? value.map(onWire) : value,
    ]),
  );

const wanted = (rows: readonly Row[]): readonly Row[] =>
  rows.map((row) =>
    typeof row.effective_at === 'string'
      ? { ...row, effective_at: Date.parse(row.effective_at) }
      : row,
  );

/** Sums exactly, ratios to nine decimals, no row more or less. */
function expectRows(rows: readonly Row[], expected: readonly Row[]): void {
  expect(rows).toHaveLength(expected.length);
  expected.forEach((fields, index) => {
    for (const [name, value] of Object.entries(fields)) {
      const found = rows[index]?.[name];
      const isRatio = ['nrr', 'grr', 'logo_retention'].includes(name) && typeof value === 'number';
      if (isRatio) expect(found, name).toBeCloseTo(value, 9);
      else expect([name, found]).toEqual([name, value]);
    }
  });
}

/** Rows with nothing in them are not kept: what a window without a row says. */
const NOTHING_OPEN = {
  openingArrMinor: 0,
  expansionArrMinor: 0,
  contractionArrMinor: 0,
  churnedArrMinor: 0,
  closingArrMinor: 0,
  openingCustomers: 0,
  retainedCustomers: 0,
};

/** The rows of a report, from the aggregates that the machine keeps. */
async function reportOf(run: Run, window: string, dimension: string): Promise<readonly Row[]> {
  const rows = sumRows([(await run.view()).aggregates]).filter(
    (row) => row.dimension === dimension && (row.kind === 'arr' || row.window === window),
  );
  const members = [...new Set(rows.map(({ member }) => member))].sort();
  return members.map((member) => {
    const own = rows.filter((row) => row.member === member);
    const sums = own.find((row) => row.kind === 'retention') ?? NOTHING_OPEN;
    const present = own.find((row) => row.kind === 'arr');
    return onWire({ arrMinor: 0, customers: 0, ...present, ...sums, ...ratiosOf(sums), member });
  });
}

const ratiosOf = (sums: RetentionSums): object => ({
  nrr: nrr(sums),
  grr: grr(sums),
  logoRetention: logoRetention(sums),
});

describe.each(cases)(
  'the machine agrees with the case $name',
  ({ policy: json, events, ...one }) => {
    const policy = parsePolicy(json);
    const all = events.map((event, offset) => ({ record: parseRecord(event), offset }));

    /** Each record a commit of its own, as-of the greatest recorded_at so far, at most `upTo`. */
    const runUpTo = async (records: readonly ArrivedRecord[], upTo: number) => {
      const run = await startRun(policy, 0);
      const said: Delta[] = [];
      let asOf = Number.NEGATIVE_INFINITY;
      for (const arrived of records) {
        asOf = Math.min(Math.max(asOf, arrived.record.recordedAt), upTo);
        said.push(...(await run.commit({ asOf, records: [arrived] })));
      }
      if (upTo > asOf && upTo < Number.POSITIVE_INFINITY) {
        said.push(...(await run.commit({ asOf: upTo, records: [] })));
      }
      return { run, said };
    };

    const reports = (one.expect.report ?? []).filter(
      ({ as_of, definition = 'point_to_point' }) =>
        definition === 'point_to_point' && canStand(all, asOfIn(policy.timeZone, as_of)),
    );
    const arrs = (one.expect.arr ?? [])
      .map((asked) => ({
        ...asked,
        asOf: asOfIn(policy.timeZone, asked.as_of),
        records:
          asked.known_at === undefined
            ? all
            : knownRecords(all, asOfIn(policy.timeZone, asked.known_at)),
      }))
      .filter(({ asOf, records }) => canStand(records, asOf));
    const { deltas, ledger } = one.expect;

    it('in at least one thing', () => {
      const looked = reports.length + arrs.length + (deltas?.length ?? 0) + (ledger?.length ?? 0);
      expect(looked).toBeGreaterThan(0);
    });

    it.each(reports)('report $window as of $as_of by $by', async ({ as_of, window, by, rows }) => {
      const { run } = await runUpTo(all, asOfIn(policy.timeZone, as_of));
      expectRows(await reportOf(run, window, by ?? 'all'), rows);
    });

    it.each(arrs)('ARR as of $as_of known at $known_at', async ({ asOf, records, ...asked }) => {
      const { run } = await runUpTo(records, asOf);
      const [total] = sumRows([(await run.view()).aggregates]).filter(
        (row) => row.kind === 'arr' && row.dimension === 'all',
      );
      expect(total).toMatchObject({ arrMinor: asked.arr_minor });
      const customers = await run.customers();
      for (const [id, arr] of Object.entries(asked.customers ?? {})) {
        const row = customers.find(({ customerId }) => customerId === id);
        expect([id, arrAt(decodeCustomer(id, row?.value ?? '').steps, asOf)]).toEqual([id, arr]);
      }
    });

    if (deltas !== undefined) {
      it('the deltas, each event a commit', async () => {
        const { said } = await runUpTo(all, Number.POSITIVE_INFINITY);
        const movements = said.filter((delta) => delta.type === 'arr_delta');
        expect(movements.map(onWire)).toMatchObject(wanted(deltas));
      });
    }

    if (ledger !== undefined) {
      it('the ledger in force at the end', async () => {
        const { said } = await runUpTo(all, Number.POSITIVE_INFINITY);
        expect(netLedger(said).map(onWire)).toMatchObject(wanted(ledger));
      });
    }
  },
);
