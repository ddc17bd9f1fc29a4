/**
 * Every worked case holds against the reference: this is what proves the reference. The numbers
 * come from the files of `test/cases` and from nowhere else.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { firstInstant, localDate } from './calendar.ts';
import type { ArrivedRecord } from './customer.ts';
import { type JsonPolicy, type JsonRecord, parsePolicy, parseRecord } from './json.ts';
import { movementAmount } from './movements.ts';
import { publishedByCommit } from './published.ts';
import { reference } from './reference.ts';
import type { Definition } from './retention.ts';

type Row = Readonly<Record<string, unknown>>;

interface Case {
  readonly name: string;
  readonly why: string;
  readonly policy: JsonPolicy;
  readonly events: readonly JsonRecord[];
  readonly expect: {
    readonly report?: readonly {
      readonly as_of: string;
      readonly window: string;
      readonly definition?: Definition;
      readonly by?: string;
      readonly rows: readonly Row[];
    }[];
    readonly movements?: readonly {
      readonly from: string;
      readonly to: string;
      readonly every: string;
      readonly rows: readonly Row[];
    }[];
    readonly arr?: readonly {
      readonly as_of: string;
      readonly known_at?: string;
      readonly arr_minor: number;
      readonly customers?: Readonly<Record<string, number>>;
    }[];
    readonly deltas?: readonly Row[];
    readonly ledger?: readonly Row[];
  };
}

const EXPECTATIONS = ['report', 'movements', 'arr', 'deltas', 'ledger'];

const folder = new URL('../cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file): Case => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

/** A date alone stands for a whole local day: its first instant, or its last millisecond. */
const dayOf = (zone: string, text: string): { first: number; last: number } => {
  if (text.includes('T')) return { first: Date.parse(text), last: Date.parse(text) };
  const date = Temporal.PlainDate.from(text);
  const [first, next] = [firstInstant(zone, date), firstInstant(zone, date.add({ days: 1 }))];
  expect(localDate(zone, first).toString()).toBe(text);
  return { first, last: next - 1 };
};

const RATIOS = ['nrr', 'grr', 'logo_retention'];

/** Names as on the wire, ratios to 9 decimals, instants as the file writes them. */
const onWire = (row: object, wanted: Row): Row => {
  const wire: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const key = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (key === 'drivers') wire[key] = value.map((driver: object) => onWire(driver, {}));
    else if (key === 'effective_at') wire[key] = new Date(value).toISOString();
    else wire[key] = value;
  }
  for (const ratio of RATIOS) {
    if (typeof wire[ratio] === 'number' && typeof wanted[ratio] === 'number') {
      expect(wire[ratio]).toBeCloseTo(wanted[ratio], 9);
      wire[ratio] = wanted[ratio];
    }
  }
  return wire;
};

const wantedOnWire = (row: Row): Row =>
  typeof row.effective_at === 'string'
    ? { ...row, effective_at: new Date(row.effective_at).toISOString() }
    : row;

const expectRows = (rows: readonly object[], wanted: readonly Row[]): void => {
  expect(rows.map((row, index) => onWire(row, wanted[index] ?? {}))).toMatchObject(
    wanted.map(wantedOnWire),
  );
};

describe.each(cases)('the reference agrees with the case $name', (worked) => {
  const policy = parsePolicy(worked.policy);
  const arrived: ArrivedRecord[] = worked.events.map((event, offset) => ({
    record: parseRecord(event),
    offset,
  }));
  const whole = reference(arrived, policy);

  test('expects something, and nothing that is not looked at', () => {
    expect(Object.keys(worked.expect)).not.toEqual([]);
    expect(EXPECTATIONS).toEqual(expect.arrayContaining(Object.keys(worked.expect)));
  });

  test.each(worked.expect.report ?? [])('report $window as of $as_of $definition', (wanted) => {
    const { window, definition, by } = wanted;
    const rows = whole.report({
      asOf: dayOf(policy.timeZone, wanted.as_of).last,
      window,
      ...(definition && { definition }),
      ...(by && { by }),
    });
    expectRows(rows, wanted.rows);
  });

  test.each(worked.expect.movements ?? [])('movements from $from to $to', (wanted) => {
    const rows = whole.periods({
      from: dayOf(policy.timeZone, wanted.from).first,
      to: dayOf(policy.timeZone, wanted.to).first,
      every: wanted.every,
    });
    expectRows(rows, wanted.rows);
  });

  test.each(worked.expect.arr ?? [])('ARR as of $as_of known at $known_at', (wanted) => {
    const asOf = dayOf(policy.timeZone, wanted.as_of).last;
    const known = wanted.known_at && dayOf(policy.timeZone, wanted.known_at).last;
    const view = known ? reference(arrived, policy, { knownAt: known }) : whole;
    expect(view.arr(asOf)).toBe(wanted.arr_minor);
    for (const [customerId, arr] of Object.entries(wanted.customers ?? {})) {
      expect([customerId, view.arrOf(customerId, asOf)]).toEqual([customerId, arr]);
    }
  });

  const { deltas: wantedDeltas, ledger: wantedLedger } = worked.expect;

  if (wantedDeltas !== undefined) {
    test('the deltas, each event a commit', () => {
      let asOf = Number.NEGATIVE_INFINITY;
      const commits = arrived.map((record) => {
        asOf = Math.max(asOf, record.record.recordedAt);
        return { asOf, records: [record] };
      });
      const deltas = publishedByCommit(commits, policy, false)
        .flat()
        .map(({ op, customerId, movement, amountMinor }) => ({
          op,
          customerId,
          ...movement,
          amountMinor,
        }));
      expectRows(deltas, wantedDeltas);
    });
  }

  if (wantedLedger !== undefined) {
    test('the ledger in force at the end', () => {
      const ledger = whole
        .ledger(Number.POSITIVE_INFINITY)
        .map((entry) => ({ ...entry, amountMinor: movementAmount(entry) }));
      expectRows(ledger, wantedLedger);
    });
  }
});
