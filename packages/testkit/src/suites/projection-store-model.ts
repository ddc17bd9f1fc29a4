/**
 * Random lives of a partition against a model that is nothing but maps: commits, ticks in pages
 * with dues set in the commit or after it, crashes in between, claims, resends, discards. After
 * every step all customers are there with their values, and nobody's due is late.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allCustomers,
  claim,
  dueCustomers,
  type MakeHarness,
  type ProjectionStoreHarness,
  row,
  viewOf,
  type Writer,
} from './projection-store-harness.ts';

interface Model {
  readonly values: Map<string, string>;
  readonly dues: Map<string, number>;
  readonly aggregates: Map<string, string>;
}

interface World {
  readonly harness: ProjectionStoreHarness;
  writer: Writer;
  readonly model: Model;
}

const HORIZON = 1_000;

const customers = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 0, max: 600 }),
    size: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) },
      { weight: 1, arbitrary: fc.integer({ min: 900, max: 5_000 }) },
    ),
    due: fc.option(fc.integer({ min: 0, max: HORIZON })),
  }),
  { selector: ({ id }) => id, maxLength: 120 },
);

type Customers = typeof customers extends fc.Arbitrary<infer Value> ? Value : never;

type Step =
  | {
      readonly kind: 'commit';
      readonly rows: Customers;
      readonly isRead: boolean;
      readonly key: number;
    }
  | {
      readonly kind: 'tick';
      readonly upTo: number;
      readonly page: number;
      readonly forward: number;
      readonly way: 'in the commit' | 'after it' | 'never';
      readonly rows: Customers;
    }
  | { readonly kind: 'resend' | 'claim' | 'discard' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      rows: customers,
      isRead: fc.boolean(),
      key: fc.integer({ min: 0, max: 5 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('tick' as const),
      upTo: fc.integer({ min: 0, max: HORIZON }),
      page: fc.integer({ min: 1, max: 40 }),
      forward: fc.integer({ min: 1, max: 300 }),
      way: fc.constantFrom('in the commit' as const, 'after it' as const, 'never' as const),
      rows: customers,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('resend' as const, 'claim' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('discard' as const) }) },
);

const rowsOf = (of: Customers) =>
  of.map(({ id, size, due }) =>
    row(`customer-${id}`, `${id}:${size}:${due} `.padEnd(size, '-'), due),
  );

const remember = ({ values, dues }: Model, rows: ReturnType<typeof rowsOf>): void => {
  for (const { customerId, value, due } of rows) {
    values.set(customerId, value);
    if (due === null) dues.delete(customerId);
    else dues.set(customerId, due);
  }
};

const tick = async (
  { harness, writer, model }: World,
  at: Step & { readonly kind: 'tick' },
): Promise<void> => {
  const { upTo, page, forward, way } = at;
  const groups: { group: string; due: number | null }[] = [];
  const moved = new Map<string, number>();
  for (;;) {
    const read = await writer.store.readDue(upTo, groups.length, page);
    for (const { group, rows } of read) {
      let least: number | null = null;
      for (const { customerId } of rows) {
        const due = model.dues.get(customerId);
        if (due === undefined) continue;
        // What was due is dealt with and is due again later.
        const next = due <= upTo ? due + forward : due;
        moved.set(customerId, next);
        if (least === null || next < least) least = next;
      }
      groups.push({ group, due: least });
    }
    if (read.length < page) break;
  }
  const rows = rowsOf(at.rows);
  const { firstDue } = await writer.commit({
    customers: rows,
    dueGroups: way === 'in the commit' ? groups : [],
  });
  const after = way === 'after it' ? await writer.store.setDue(groups) : firstDue;
  // A crash before the dues are set leaves them early; what the tick did is committed all the same.
  for (const [customerId, due] of moved) model.dues.set(customerId, due);
  remember(model, rows);
  expect((await viewOf(harness)).meta.firstDue).toBe(after);
};

const run = async (world: World, at: Step): Promise<void> => {
  const { harness, writer, model } = world;
  switch (at.kind) {
    case 'commit': {
      const rows = rowsOf(at.rows);
      if (at.isRead) await writer.store.readCustomers(rows.map(({ customerId }) => customerId));
      const value = rows.length % 3 === 0 ? null : String(rows.length);
      await writer.commit({ customers: rows, aggregates: [[`row ${at.key}`, value]] });
      remember(model, rows);
      if (value === null) model.aggregates.delete(`row ${at.key}`);
      else model.aggregates.set(`row ${at.key}`, value);
      return;
    }
    case 'tick':
      return tick(world, at);
    case 'resend': {
      const commit = writer.next({ customers: [row('resent', String(model.values.size), 500)] });
      expect((await writer.send(commit)).answer).toBe('applied');
      expect((await writer.store.commit(commit)).answer).toBe('already');
      remember(model, [row('resent', String(model.values.size), 500)]);
      return;
    }
    case 'claim':
      world.writer = await claim(harness.store);
      return;
    case 'discard':
      await writer.store.discard();
      world.writer = await claim(harness.other);
      for (const map of Object.values(model)) map.clear();
  }
};

const check = async ({ harness, writer: { store }, model }: World): Promise<void> => {
  const { meta, aggregates } = await viewOf(harness);
  expect(aggregates).toEqual(model.aggregates);
  const scanned = await allCustomers(store);
  expect(scanned.length).toBe(model.values.size);
  expect(new Map(scanned.map(({ customerId, value }) => [customerId, value]))).toEqual(
    model.values,
  );
  const read = await store.readCustomers([...model.values.keys()]);
  expect(new Map(read.map(({ customerId, value }) => [customerId, value]))).toEqual(model.values);

  const least = Math.min(...model.dues.values());
  if (model.dues.size > 0) expect(meta.firstDue).toBeLessThanOrEqual(least);
  for (const upTo of [0, HORIZON / 4, HORIZON / 2, HORIZON, 10 * HORIZON]) {
    const { groups, rows } = await dueCustomers(store, upTo, 50);
    const found = new Map(rows.map(({ customerId, value }) => [customerId, value]));
    const late = [...model.dues].filter(([id, due]) => due <= upTo && !found.has(id));
    expect(late).toEqual([]);
    expect(groups.length > 0).toBe(meta.firstDue !== null && meta.firstDue <= upTo);
    for (const [id, value] of found) expect(value).toBe(model.values.get(id));
  }
};

export const modelTests = (makeHarness: MakeHarness, runs: number): void => {
  test(`${runs} random lives: nobody is lost, and no due is late`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const harness = await makeHarness();
        try {
          const world: World = {
            harness,
            writer: await claim(harness.store),
            model: { values: new Map(), dues: new Map(), aggregates: new Map() },
          };
          for (const each of steps) {
            await run(world, each);
            await check(world);
          }
        } finally {
          await harness.close();
        }
      }),
      { numRuns: runs },
    );
  });
};
