/** Customers of every kind and number are found again. */

import { expect, test } from 'vitest';
import {
  allCustomers,
  claim,
  dueCustomers,
  type ProjectionStoreHarness,
  row,
  valuesOf,
} from './projection-store-harness.ts';

const MANY = 100_000;
const BATCH = 5_000;

const ODD_IDS = [
  '__proto__',
  'constructor',
  ' ',
  '0',
  '-1',
  'a b\r\n',
  '顧客-42',
  'é',
  'é'.normalize('NFD'),
  '🦊'.repeat(64),
  'x'.repeat(256),
  '\0',
  '"quoted"',
];

export const customerTests = (harness: () => ProjectionStoreHarness): void => {
  test('ids and values of every kind come back as they were', async () => {
    const { store, other } = harness();
    const owner = await claim(store);
    const rows = ODD_IDS.map((id) => row(id, `value of ${id}`, 10));
    await owner.commit({ customers: rows });

    const expected = rows.map(({ customerId, value }) => ({ customerId, value }));
    for (const from of [store, other]) {
      const { store: reading } = await claim(from);
      const found = await reading.readCustomers(ODD_IDS);
      expect(new Set(found)).toEqual(new Set(expected));
      expect(new Set(await allCustomers(reading))).toEqual(new Set(expected));
      expect(new Set((await dueCustomers(reading, 10)).rows)).toEqual(new Set(expected));
    }
  });

  test('a value may grow beyond every limit, shrink and be empty', async () => {
    const { store } = harness();
    const owner = await claim(store);
    const sizes = [130, 1023, 1024, 1025, 0, 4096, 4097, 1_000_000, 1, 20_000, 20_000, 0, 50];
    for (const [at, size] of sizes.entries()) {
      const values = { a: 'ü'.repeat(size / 2), b: String(at).repeat(size), c: 'unmoved' };
      await owner.commit({
        customers: [
          row('a', values.a, 5),
          row('b', values.b, 5),
          ...(at === 0 ? [row('c', 'unmoved')] : []),
        ],
      });
      expect(valuesOf(await owner.store.readCustomers(['a', 'b', 'c']))).toEqual(values);
      expect(valuesOf(await allCustomers(owner.store))).toEqual(values);
      expect(valuesOf((await dueCustomers(owner.store, 5)).rows)).toMatchObject({
        a: values.a,
        b: values.b,
      });
    }
  });

  test('100,000 customers are all found again, each once', async () => {
    const { store, other } = harness();
    const owner = await claim(store);
    const ids = Array.from({ length: MANY }, (_, at) => `customer-${at}`);
    for (let from = 0; from < MANY; from += BATCH) {
      const batch = ids.slice(from, from + BATCH);
      expect(await owner.store.readCustomers(batch)).toEqual([]);
      await owner.commit({ customers: batch.map((id) => row(id, `first ${id}`, 1_000_000)) });
    }
    // Half of them change, unread and in another order; nobody is lost, nobody comes twice.
    const changed = ids.filter((_, at) => at % 2 === 0).reverse();
    for (let from = 0; from < changed.length; from += BATCH) {
      const batch = changed.slice(from, from + BATCH);
      await owner.commit({ customers: batch.map((id) => row(id, `second ${id}`)) });
    }

    const expected = new Map(
      ids.map((id, at) => [id, `${at % 2 === 0 ? 'second' : 'first'} ${id}`]),
    );
    const { store: later } = await claim(other);
    const scanned = await allCustomers(later);
    expect(scanned.length).toBe(MANY);
    expect(new Map(scanned.map(({ customerId, value }) => [customerId, value]))).toEqual(expected);
    const read = await later.readCustomers([...ids, 'nobody']);
    expect(new Map(read.map(({ customerId, value }) => [customerId, value]))).toEqual(expected);
    const due = new Set(
      (await dueCustomers(later, 1_000_000, 256)).rows.map(({ customerId }) => customerId),
    );
    expect(ids.filter((id, at) => at % 2 === 1 && !due.has(id))).toEqual([]);
  });

  test('customers written without being read first, all at once, are found again', async () => {
    const { store, other } = harness();
    const owner = await claim(store);
    const ids = Array.from({ length: 20_000 }, (_, at) => `unread-${at}`);
    await owner.commit({ customers: ids.map((id) => row(id, id)) });
    await owner.commit({ customers: [row('one more', 'x')] });
    const { store: later } = await claim(other);
    expect((await later.readCustomers(ids)).length).toBe(20_000);
    expect((await allCustomers(later)).length).toBe(20_001);
  });
};
