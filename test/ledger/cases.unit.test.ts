/**
 * Every worked case asked of a ledger that read what the live machine published: reports by every
 * definition, ARR as known then and now, and the waterfall. Numbers come from the files alone.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { readInstantOrDate } from '@holdfast/contracts/instant-or-date.ts';
import { ALL } from '@holdfast/domain/aggregates.ts';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import type { DefinitionName } from '@holdfast/domain/definitions/definition.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { periodsOf } from '@holdfast/domain/waterfall-periods.ts';
import { type Ledger, openLedger } from '@holdfast/ledger/ledger.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRun } from '../machine/run.ts';
import { type JsonPolicy, type JsonRecord, parsePolicy, parseRecord } from '../reference/json.ts';

type Row = Readonly<Record<string, unknown>>;

interface Case {
  readonly name: string;
  readonly policy: JsonPolicy;
  readonly events: readonly JsonRecord[];
  readonly expect: {
    readonly report?: readonly {
      readonly as_of: string;
      readonly window: string;
      readonly definition?: DefinitionName;
      readonly by?: string;
      readonly rows: readonly Row[];
    }[];
    readonly arr?: readonly {
      readonly as_of: string;
      readonly known_at?: string;
      readonly arr_minor: number;
      readonly customers?: Readonly<Record<string, number>>;
    }[];
    readonly movements?: readonly {
      readonly from: string;
      readonly to: string;
      readonly every: string;
      readonly by?: string;
      readonly gross?: boolean;
      readonly rows: readonly Row[];
    }[];
    readonly ledger?: readonly Row[];
  };
}

const folder = new URL('../cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file): Case => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

const snake = (row: object): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );

const RATIOS = ['nrr', 'grr', 'logo_retention'];

/** Sums exactly, ratios to nine decimals, no row more or less. */
function expectRows(found: readonly object[], expected: readonly Row[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((fields, index) => {
    const row = snake(found[index] as object);
    for (const [name, value] of Object.entries(fields)) {
      if (RATIOS.includes(name) && typeof value === 'number') {
        expect(row[name], name).toBeCloseTo(value, 9);
      } else if (name !== 'from' && name !== 'to') {
        expect([name, row[name]]).toEqual([name, value]);
      }
    }
  });
}

describe.each(cases)(
  'the ledger agrees with the case $name',
  ({ policy: json, events, ...one }) => {
    const policy: Policy = parsePolicy(json);
    const { zone } = compileRules(policy);
    const at = (text: string, ofDay: 'first' | 'last' = 'last'): number => {
      const read = readInstantOrDate(text, zone, ofDay);
      if ('want' in read) throw new Error(read.want);
      return read.at;
    };
    const { report = [], arr = [], movements = [], ledger: inForce = [] } = one.expect;
    let ledger: Ledger;
    let end = 0;

    beforeAll(async () => {
      const run = await startRun(policy, 0);
      const said: Delta[] = [];
      let asOf = 0;
      for (const [offset, event] of events.entries()) {
        const record = parseRecord(event);
        asOf = Math.max(asOf, record.recordedAt);
        said.push(...(await run.commit({ asOf, records: [{ record, offset }] })));
      }
      const asked = [...report, ...arr].map(({ as_of }) => at(as_of));
      end = Math.max(asOf, ...asked, ...movements.map(({ to }) => at(to, 'first')));
      said.push(...(await run.commit({ asOf: end, records: [] })));
      ledger = await openLedger({ policy, partitions: 1, path: null });
      await ledger.intake.take(0, said, said.length);
    });
    afterAll(() => ledger.close());

    it('in at least one thing', () => {
      expect(report.length + arr.length + movements.length + inForce.length).toBeGreaterThan(0);
    });

    it.each(report)('report $window as of $as_of by $by, $definition', async (asked) => {
      const rows = await ledger.retention({
        asOf: at(asked.as_of),
        knownAt: null,
        window: asked.window,
        definition: DEFINITIONS[asked.definition ?? 'point_to_point'],
        dimension: asked.by ?? ALL,
      });
      expectRows(rows, asked.rows);
    });

    if (inForce.length > 0)
      it('the movements in force', async () => {
        const ids = [...new Set(events.map(({ customer_id }) => customer_id))];
        const steps = [];
        for (const id of ids) {
          const customer = ledger.intake.customer(id);
          if (customer === undefined) continue;
          steps.push(...(await ledger.story(customer, { asOf: end, knownAt: null })).steps);
        }
        const key = (row: Row): string => `${row.effective_at} ${row.customer_id}`;
        const rows = steps.map((step) => ({
          ...snake(step),
          effective_at: new Date(step.effectiveAt).toISOString(),
        }));
        const wanted = inForce.map((row) => ({
          ...row,
          effective_at: new Date(String(row.effective_at)).toISOString(),
        }));
        const byKey = (a: Row, b: Row): number => (key(a) < key(b) ? -1 : 1);
        expect(rows.sort(byKey)).toMatchObject(wanted.sort(byKey));
      });

    it.each(arr)('ARR as of $as_of known at $known_at', async (asked) => {
      const asOf = at(asked.as_of);
      const knownAt = asked.known_at === undefined ? null : at(asked.known_at);
      const definition = DEFINITIONS.point_to_point;
      const [row] = await ledger.retention({
        asOf,
        knownAt,
        window: 'P1M',
        definition,
        dimension: ALL,
      });
      expect(row?.arrMinor).toBe(asked.arr_minor);
      for (const [id, value] of Object.entries(asked.customers ?? {})) {
        const customer = ledger.intake.customer(id);
        const story =
          customer === undefined
            ? { arrMinor: 0 }
            : await ledger.story(customer, { asOf, knownAt });
        expect([id, story.arrMinor]).toEqual([id, value]);
      }
    });

    it.each(movements)('movements from $from to $to by $by', async (asked) => {
      const periods = periodsOf(zone, at(asked.from, 'first'), at(asked.to, 'first'), asked.every);
      const { by = ALL, gross = false } = asked;
      expectRows(await ledger.movements({ periods, dimension: by, gross }, null), asked.rows);
    });
  },
);
