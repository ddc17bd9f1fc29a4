/** Customers by a part of their id or name, the largest first. */

import type { Query } from './database.ts';
import { namesAt } from './explain.ts';
import { whole } from './known.ts';

export interface FoundCustomer {
  readonly customerId: string;
  readonly name: string | null;
  readonly arrMinor: number;
}

/** Case does not matter. */
export async function searchCustomers(
  query: Query,
  text: string,
  limit: number,
  asOf: number,
): Promise<readonly FoundCustomer[]> {
  const rows = await query<{ customer: number; customer_id: string; arr: number }>(
    `with matching as materialized (
       select customer from customers where contains(lower(customer_id), lower($1))
       union select customer from classified where contains(lower(name), lower($1))
     )
     select customer, customer_id, coalesce(arr, 0) arr
     from matching join customers using (customer) left join (
       select customer, sum(amount) arr from deltas
       where effective_at <= ${whole(asOf)} and customer in (select customer from matching)
       group by customer
     ) using (customer)
     order by arr desc, customer_id limit ${whole(limit)}`,
    [text],
  );
  const names = await namesAt(
    query,
    rows.map(({ customer }) => customer),
    { asOf, knownAt: null },
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    name: names.get(row.customer) ?? null,
    arrMinor: row.arr,
  }));
}
