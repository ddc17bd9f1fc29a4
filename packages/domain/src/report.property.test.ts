/** What holds of every report whatever happened: its parts add up, at any instant. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from './definitions/by-name.ts';
import { DEFINITION_NAMES, type DefinitionName } from './definitions/definition.ts';
import { explain } from './explain.ts';
import { movementsBetween } from './movements.ts';
import type { ChangeRecord, SubscriptionPhase } from './records.ts';
import { at, foldAll, item, profile, subscription, testRules } from './report-fixtures.ts';
import { type RetentionReport, retention } from './retention.ts';
import { instant } from './scalars.ts';
import { waterfall } from './waterfall.ts';
import { periodsOf } from './waterfall-periods.ts';

const rules = testRules({ timeZone: 'America/New_York' });
const BEGIN = at('2024-06-01');
const HOUR = 3_600_000;

/** The first instant of a month there, counted from the one the streams begin with. */
const monthStart = (count: number): number =>
  rules.zone.startOf(Math.floor(Date.UTC(2024, 5 + count, 1) / (24 * HOUR)));

/** Mostly around month starts, so that changes meet the edges of windows and periods. */
const moment = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 24 }), fc.constantFrom(-1, 0, 0, 1))
    .map(([count, by]) => monthStart(count) + by),
  fc.integer({ min: 0, max: 24 * 24 }).map((count) => BEGIN + count * 30 * HOUR),
);

const items = fc.array(
  fc
    .tuple(
      fc.integer({ min: 0, max: 900 }),
      fc.constantFrom('core', 'reports', 'seats'),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([amount, product, quantity]) => item(amount, product, quantity)),
  { maxLength: 3 },
);

const customer = fc.constantFrom('a', 'b', 'c');

const subscriptionRecord = fc
  .record({
    customer,
    id: fc.constantFrom('s1', 's2'),
    from: moment,
    items,
    version: fc.integer({ min: 1, max: 40 }),
    later: fc.option(fc.record({ after: fc.integer({ min: 1, max: 9000 }), items })),
  })
  .map(({ customer, id, from, items, version, later }): ChangeRecord => {
    const scheduled: SubscriptionPhase[] =
      later === null
        ? []
        : [
            {
              effectiveAt: instant(from + later.after * HOUR),
              status: 'active',
              items: later.items,
            },
          ];
    const eventId = `${customer}/${id}/${version}/${from}`;
    return subscription(customer, from, items, { id, version, scheduled, eventId });
  });

const profileRecord = fc
  .record({ customer, from: moment, segment: fc.constantFrom('', 'smb', 'mid') })
  .map(({ customer, from, segment }): ChangeRecord => profile(customer, from, { segment }));

const stream = fc
  .array(fc.oneof({ weight: 3, arbitrary: subscriptionRecord }, profileRecord), {
    minLength: 4,
    maxLength: 50,
    size: 'max',
  })
  .map((records) => foldAll(rules, records));

const query = fc.record({
  asOf: fc.oneof(
    moment,
    moment.map((at) => at + 90 * 24 * HOUR),
  ),
  window: fc.constantFrom('P1M', 'P3M', 'P12M', 'P45D'),
});

const definition = fc.constantFrom<DefinitionName>('point_to_point', 'no_returners', 'path');

const MONEY = [
  'openingArrMinor',
  'expansionArrMinor',
  'contractionArrMinor',
  'churnedArrMinor',
  'closingArrMinor',
] as const;
const COUNTED = [
  ...MONEY,
  'openingCustomers',
  'retainedCustomers',
  'arrMinor',
  'customers',
] as const;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('retention', () => {
  it('adds up: opening, expansion, contraction and churn make closing, and NRR is closing over opening', () => {
    fc.assert(
      fc.property(stream, query, fc.constantFrom(...DEFINITION_NAMES), (customers, asked, name) => {
        fc.pre(name !== 'compounded');
        const [row] = retention(rules, customers, {
          ...asked,
          definition: DEFINITIONS[name],
          dimension: 'all',
        }) as [RetentionReport];
        const [opening, expansion, contraction, churned, closing] = MONEY.map(
          (part) => row[part] as number,
        ) as [number, number, number, number, number];
        expect(opening + expansion - contraction - churned).toBe(closing);
        expect(row.nrr).toBe(opening === 0 ? null : closing / opening);
      }),
    );
  });

  it('has a GRR of at most 1, at most NRR, and along the path at most the one from point to point', () => {
    fc.assert(
      fc.property(stream, query, (customers, asked) => {
        const grr = (name: DefinitionName): number => {
          const all = { ...asked, definition: DEFINITIONS[name], dimension: 'all' };
          const [row] = retention(rules, customers, all) as [RetentionReport];
          expect(row.grr ?? 0).toBeLessThanOrEqual(Math.min(1, row.nrr ?? 0));
          return row.grr ?? 0;
        };
        expect(grr('path')).toBeLessThanOrEqual(grr('point_to_point'));
        expect(grr('no_returners')).toBeLessThanOrEqual(grr('point_to_point'));
      }),
    );
  });

  it('is the sum of its members', () => {
    fc.assert(
      fc.property(stream, query, definition, (customers, asked, name) => {
        const of = (dimension: string) =>
          retention(rules, customers, { ...asked, definition: DEFINITIONS[name], dimension });
        const [all] = of('all') as [RetentionReport];
        const members = of('segment');
        for (const part of COUNTED) {
          expect([part, sum(members.map((row) => row[part] as number))]).toEqual([part, all[part]]);
        }
      }),
    );
  });
});

describe('explain', () => {
  it('has shares that add up to the figure exactly, by definition and by member', () => {
    fc.assert(
      fc.property(
        stream,
        query,
        fc.constantFrom<DefinitionName>('point_to_point', 'no_returners', 'path', 'flow'),
        fc.boolean(),
        (customers, asked, name, split) => {
          const dimension = split && name !== 'flow' ? 'segment' : 'all';
          const asking = { ...asked, definition: DEFINITIONS[name], dimension };
          const shares = explain(rules, customers, asking);
          for (const row of retention(rules, customers, asking)) {
            const own = shares.filter(({ member }) => member === row.member);
            expect(sum(own.map((share) => share.opening))).toBe(row.openingArrMinor);
            expect(sum(own.map((share) => share.expansion))).toBe(row.expansionArrMinor);
            expect(sum(own.map((share) => share.contraction))).toBe(row.contractionArrMinor);
            expect(sum(own.map((share) => share.churned))).toBe(row.churnedArrMinor);
            expect(sum(own.map((share) => share.closing))).toBe(row.closingArrMinor);
            if (row.grr !== null) {
              const kept = sum(own.map((share) => share.kept));
              expect(kept / (row.openingArrMinor as number)).toBe(row.grr);
            }
          }
        },
      ),
    );
  });

  it('has drivers and events that each add up to what the customer gained or lost', () => {
    fc.assert(
      fc.property(stream, query, (customers, asked) => {
        const asking = { ...asked, definition: DEFINITIONS.point_to_point, dimension: 'all' };
        for (const row of explain(rules, customers, asking)) {
          const difference = row.closing - row.opening;
          expect(sum(row.drivers.map(({ amountMinor }) => amountMinor))).toBe(difference);
          expect(sum(row.events.map(({ amountMinor }) => amountMinor))).toBe(difference);
        }
      }),
    );
  });
});

describe('movements', () => {
  it('have drivers that add up to them', () => {
    fc.assert(
      fc.property(stream, (customers) => {
        for (const customer of customers) {
          for (const one of movementsBetween(customer, -1, Number.POSITIVE_INFINITY)) {
            const amounts = one.drivers.map(({ amountMinor }) => amountMinor as number);
            expect(sum(amounts)).toBe(one.arrAfterMinor - one.arrBeforeMinor);
          }
        }
      }),
    );
  });

  it('by period add up in each row, netted or gross, and lead from one period to the next', () => {
    const every = fc.constantFrom('P1M', 'P7D', 'P3M');
    fc.assert(
      fc.property(stream, moment, every, fc.boolean(), (customers, from, step, gross) => {
        const periods = periodsOf(rules.zone, from, from + 200 * 24 * HOUR, step);
        const rowsOf = (dimension: string) =>
          waterfall(rules, customers, { periods, dimension, gross });
        const rows = rowsOf('all');
        const members = rowsOf('segment');
        rows.forEach((row, index) => {
          const next = rows[index + 1];
          if (next !== undefined) expect(next.openingArrMinor).toBe(row.closingArrMinor);
          const own = members.filter((member) => member.from === row.from);
          for (const part of ['openingArrMinor', 'closingArrMinor', 'newArrMinor'] as const) {
            expect(sum(own.map((member) => member[part]))).toBe(row[part]);
          }
        });
        for (const row of [...rows, ...members]) {
          const gains = row.newArrMinor + row.reactivationArrMinor + row.expansionArrMinor;
          const losses = row.contractionArrMinor + row.churnedArrMinor;
          expect(row.openingArrMinor + gains - losses).toBe(row.closingArrMinor);
        }
      }),
    );
  });

  it('of a month agree with the one-month retention at its last millisecond', () => {
    fc.assert(
      fc.property(stream, fc.integer({ min: 0, max: 20 }), (customers, month) => {
        const [from, to] = [monthStart(month), monthStart(month + 1)];
        const [row] = waterfall(rules, customers, {
          periods: [{ from, to }],
          dimension: 'all',
          gross: false,
        });
        const [report] = retention(rules, customers, {
          asOf: to - 1,
          window: 'P1M',
          definition: DEFINITIONS.point_to_point,
          dimension: 'all',
        });
        const parts = ['expansionArrMinor', 'contractionArrMinor', 'churnedArrMinor'] as const;
        for (const part of parts) expect(row?.[part]).toBe(report?.[part]);
        expect(row?.openingArrMinor).toBe(report?.openingArrMinor);
        expect(row?.closingArrMinor).toBe(report?.arrMinor);
      }),
    );
  });
});
