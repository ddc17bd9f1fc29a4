/**
 * The numbers of customers, in memory: some 100 bytes each. Those of a write that failed are given
 * again.
 */

import type { Query } from './database.ts';

export interface CustomerNumbers {
  readonly size: number;
  numberOf(id: string): number | undefined;
  /** The customer's number, a new one where it has none yet. */
  give(id: string): number;
  /** Those given since the last `keep` or `forget`. */
  readonly given: readonly (readonly [customer: number, id: string])[];
  keep(): void;
  forget(): void;
}

export async function loadCustomers(query: Query): Promise<CustomerNumbers> {
  const numbers = new Map<string, number>();
  const rows = await query<{ customer: number; customer_id: string }>(
    'select customer, customer_id from customers',
  );
  for (const row of rows) numbers.set(row.customer_id, row.customer);
  let given: (readonly [number, string])[] = [];
  return {
    get size() {
      return numbers.size;
    },
    get given() {
      return given;
    },
    numberOf: (id) => numbers.get(id),
    give: (id) => {
      const known = numbers.get(id);
      if (known !== undefined) return known;
      const customer = numbers.size;
      numbers.set(id, customer);
      given.push([customer, id]);
      return customer;
    },
    keep: () => {
      given = [];
    },
    forget: () => {
      for (const [, id] of given) numbers.delete(id);
      given = [];
    },
  };
}
