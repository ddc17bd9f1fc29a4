/** Dues: early does no harm, late would make figures wrong. */

import { expect, test } from 'vitest';
import {
  claim,
  dueCustomers,
  type ProjectionStoreHarness,
  row,
  viewOf,
} from './projection-store-harness.ts';

const idsOf = (rows: readonly { readonly customerId: string }[]): readonly string[] =>
  rows.map(({ customerId }) => customerId);

export const dueTests = (harness: () => ProjectionStoreHarness): void => {
  test('the first due is the least of all, and nothing where nobody is ever due', async () => {
    const owner = await claim(harness().store);
    expect((await owner.commit({ customers: [row('a', 'A')] })).firstDue).toBe(null);
    expect((await owner.commit({ customers: [row('b', 'B', 9e12)] })).firstDue).toBe(9e12);
    expect((await owner.commit({ customers: [row('c', 'C', 0)] })).firstDue).toBe(0);
    expect((await owner.commit({})).firstDue).toBe(0);
    expect((await viewOf(harness())).meta.firstDue).toBe(0);

    const { groups } = await dueCustomers(owner.store, 0);
    const dueGroups = groups.map((group) => ({ group, due: null }));
    const after = await owner.commit({ dueGroups });
    expect(after.firstDue === null || after.firstDue === 9e12).toBe(true);
    expect((await viewOf(harness())).meta.firstDue).toBe(after.firstDue);
    expect((await claim(harness().store)).claimed.meta.firstDue).toBe(after.firstDue);
  });

  test('groups come whole, by due, in pages that leave none out', async () => {
    const owner = await claim(harness().store);
    const customers = Array.from({ length: 2_000 }, (_, at) => row(`c${at}`, `v${at}`, 1000 + at));
    await owner.store.readCustomers(idsOf(customers));
    await owner.commit({ customers });

    for (const [upTo, page] of [
      [999, 7],
      [1000, 1],
      [1500, 7],
      [2999, 256],
      [9999, 10_000],
    ] as const) {
      const { groups, rows } = await dueCustomers(owner.store, upTo, page);
      expect(new Set(groups).size).toBe(groups.length);
      const found = new Map(rows.map(({ customerId, value }) => [customerId, value]));
      const missing = customers.filter(
        ({ customerId, due }) => Number(due) <= upTo && !found.has(customerId),
      );
      expect(missing).toEqual([]);
      expect(rows.length).toBe(found.size);
      for (const { customerId, value } of rows) expect(`v${customerId.slice(1)}`).toBe(value);
      if (upTo < 1000) expect(groups).toEqual([]);
    }
  });

  test("a commit sets groups' dues first and then lowers them for its customers", async () => {
    const owner = await claim(harness().store);
    const customers = Array.from({ length: 200 }, (_, at) => row(`c${at}`, 'v', 100));
    await owner.store.readCustomers(idsOf(customers));
    await owner.commit({ customers });
    const { groups, rows } = await dueCustomers(owner.store, 100);
    expect(rows.length).toBe(200);

    const dueGroups = groups.map((group) => ({ group, due: 300 }));
    const outcome = await owner.commit({ dueGroups, customers: [row('c7', 'v', 250)] });

    expect(outcome.firstDue).toBe(250);
    expect(idsOf((await dueCustomers(owner.store, 250)).rows)).toContain('c7');
    expect((await dueCustomers(owner.store, 300)).rows.length).toBe(200);
    expect((await dueCustomers(owner.store, 249)).rows).toEqual([]);
  });

  test('setting dues answers the first due, also for no group at all', async () => {
    const owner = await claim(harness().store);
    await owner.commit({ customers: [row('a', 'A', 10)] });
    expect(await owner.store.setDue([])).toBe(10);
    const { groups } = await dueCustomers(owner.store, 10);
    expect(await owner.store.setDue(groups.map((group) => ({ group, due: 20 })))).toBe(20);
    expect((await viewOf(harness())).meta.firstDue).toBe(20);
    expect((await dueCustomers(owner.store, 10)).groups).toEqual([]);
    expect(await owner.store.setDue(groups.map((group) => ({ group, due: null })))).toBe(null);
    expect((await dueCustomers(owner.store, 1e15)).groups).toEqual([]);
  });

  test('thousands of groups are set at once', async () => {
    const owner = await claim(harness().store);
    for (let from = 0; from < 100_000; from += 20_000) {
      const customers = Array.from({ length: 20_000 }, (_, at) => row(`c${from + at}`, 'v', 10));
      await owner.store.readCustomers(idsOf(customers));
      await owner.commit({ customers });
    }
    const { groups } = await dueCustomers(owner.store, 10, 512);
    expect(groups.length).toBeGreaterThan(3_000);
    const half = groups.map((group, at) => ({ group, due: at % 2 === 0 ? 20 : null }));
    expect(await owner.store.setDue(half)).toBe(20);
    expect((await dueCustomers(owner.store, 20)).groups.length).toBe(Math.ceil(groups.length / 2));
  });

  test('a due that was committed after its group was read is never raised by that reading', async () => {
    for (const way of ['setDue', 'commit'] as const) {
      const owner = await claim(harness().store);
      await owner.commit({ customers: [row('old', 'v', 10)] });
      const { groups } = await dueCustomers(owner.store, 10);
      const dues = groups.map((group) => ({ group, due: 1000 }));

      // Newcomers fill every group, of however many the store has.
      const newcomers = Array.from({ length: 500 }, (_, at) =>
        row(`new-${way}-${at}`, 'v', 30 + at),
      );
      await owner.store.readCustomers(idsOf(newcomers));
      await owner.commit({ customers: [...newcomers, row('old', 'w', 25)] });
      if (way === 'setDue') await owner.store.setDue(dues);
      else await owner.commit({ dueGroups: dues });

      const found = new Set(idsOf((await dueCustomers(owner.store, 529)).rows));
      expect(
        [...newcomers, row('old', '')].filter(({ customerId }) => !found.has(customerId)),
      ).toEqual([]);
    }
  });
};
