/** Every worked case through the command line. Numbers come from test/cases and nowhere else. */

import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { call, folder, jsonLines } from './testing.ts';

type Row = Readonly<Record<string, unknown>>;

interface ReportCase {
  readonly as_of: string;
  readonly window: string;
  readonly definition?: string;
  readonly by?: string;
  readonly rows: readonly Row[];
}

interface MovementsCase {
  readonly from: string;
  readonly to: string;
  readonly every: string;
  readonly rows: readonly Row[];
}

interface ArrCase {
  readonly as_of: string;
  readonly known_at?: string;
  readonly arr_minor: number;
}

interface LedgerMovement {
  readonly customer_id: string;
  readonly effective_at: string;
  readonly movement: 'new' | 'reactivation' | 'expansion' | 'contraction' | 'churn';
  readonly amount_minor: number;
  readonly drivers?: readonly object[];
}

/** The field of `movements --json` that holds a kind's money. */
const MONEY_OF = {
  new: 'new_arr_minor',
  reactivation: 'reactivation_arr_minor',
  expansion: 'expansion_arr_minor',
  contraction: 'contraction_arr_minor',
  churn: 'churned_arr_minor',
} as const;

interface Case {
  readonly name: string;
  readonly policy: object;
  readonly events: readonly object[];
  readonly expect: {
    readonly report?: readonly ReportCase[];
    readonly movements?: readonly MovementsCase[];
    readonly arr?: readonly ArrCase[];
    readonly ledger?: readonly LedgerMovement[];
  };
}

const CASES = new URL('../../../test/cases/', import.meta.url);
const cases = readdirSync(CASES)
  .filter((file) => file.endsWith('.json'))
  .map((file): Case => JSON.parse(readFileSync(new URL(file, CASES), 'utf8')));

const RATIOS = ['nrr', 'grr', 'logo_retention'];

/** Sums exactly, ratios to nine decimals, no row more or less than expected. */
function expectRows(rows: readonly Row[], wanted: readonly Row[]): void {
  expect(rows).toHaveLength(wanted.length);
  wanted.forEach((fields, index) => {
    for (const [name, value] of Object.entries(fields)) {
      const found = rows[index]?.[name];
      if (RATIOS.includes(name) && typeof value === 'number') {
        expect(found, name).toBeCloseTo(value, 9);
      } else {
        expect([name, found]).toEqual([name, value]);
      }
    }
  });
}

const files = folder();
afterAll(() => files.remove());

it('has cases to run', () => expect(cases.length).toBeGreaterThan(0));

describe.each(cases)('$name', ({ name, policy, events, expect: wanted }) => {
  const given = [
    '--events',
    files.write(`${name}.jsonl`, jsonLines(events)),
    '--policy',
    files.write(`${name}.json`, JSON.stringify(policy)),
    '--json',
  ];

  const answer = async (
    ...words: readonly string[]
  ): Promise<{ readonly rows: readonly Row[] }> => {
    const { exit, out, err } = await call([...words, ...given]);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    return JSON.parse(out);
  };

  it.each(wanted.report ?? [])('report as of $as_of, $window $definition $by', async (asked) => {
    const { rows } = await answer(
      ...['report', '--as-of', asked.as_of, '--window', asked.window],
      ...(asked.definition === undefined ? [] : ['--definition', asked.definition]),
      ...(asked.by === undefined ? [] : ['--by', asked.by]),
    );
    expectRows(rows, asked.rows);
  });

  it.each(wanted.movements ?? [])(
    'movements from $from to $to',
    async ({ from, to, every, rows }) => {
      const words = ['movements', '--from', from, '--to', to, '--every', every];
      expectRows((await answer(...words)).rows, rows);
    },
  );

  it.each(wanted.arr ?? [])('ARR as of $as_of, known at $known_at', async (asked) => {
    const { rows } = await answer(
      ...['report', '--as-of', asked.as_of, '--window', 'P1M'],
      ...(asked.known_at === undefined ? [] : ['--known-at', asked.known_at]),
    );
    expectRows(rows, [{ arr_minor: asked.arr_minor }]);
  });

  it.each(wanted.ledger ?? [])('$movement of $customer_id at $effective_at', async (entry) => {
    const { customer_id, effective_at, movement, amount_minor, drivers } = entry;
    const next = new Date(Date.parse(effective_at) + 1).toISOString();
    const words = ['movements', '--gross', '--from', effective_at, '--to', next, '--every', 'P1D'];
    expectRows((await answer(...words)).rows, [{ [MONEY_OF[movement]]: Math.abs(amount_minor) }]);
    // Only who is in the cohort can be explained.
    if (drivers === undefined || movement === 'new' || movement === 'reactivation') return;
    const asked = ['explain', '--customer', customer_id, '--as-of', effective_at];
    const [row] = (await answer(...asked, '--window', 'P1D')).rows;
    expect(row?.drivers).toHaveLength(drivers.length);
    expect(row?.drivers).toEqual(expect.arrayContaining([...drivers]));
  });
});
