/**
 * Customers of one partition in memory, encoded as the store holds them: a text costs the garbage
 * collector nothing to keep, a tree of objects does. Kept in two generations: what is used moves to the
 * young one, and when that is full the old one is forgotten whole, so that nothing is ever deleted
 * one by one.
 */

/** One customer in memory. Looking for it is what a step waits for, so a step does it once a record. */
export interface CachedCustomer {
  readonly id: string;
  /** As the store holds it after the step that is made; null: it holds none. */
  text: string | null;
  /** The place of the customer's row in the commit that is made; NO_ROW: it has none. */
  row: number;
}

export const NO_ROW = -1;

export interface CustomerCache {
  get(customerId: string): CachedCustomer | undefined;
  add(customer: CachedCustomer): void;
  /** Forgets what was not used for long, so that at most the capacity is left; between commits only. */
  trim(): void;
  readonly size: () => number;
}

export function customerCache(capacity: number): CustomerCache {
  let young = new Map<string, CachedCustomer>();
  let old = new Map<string, CachedCustomer>();
  return {
    get: (id) => {
      const found = young.get(id);
      if (found !== undefined) return found;
      const known = old.get(id);
      if (known !== undefined) young.set(id, known);
      return known;
    },
    add: (customer) => {
      young.set(customer.id, customer);
    },
    trim: () => {
      if (young.size <= capacity / 2) return;
      old = young.size <= capacity ? young : new Map();
      young = new Map();
    },
    size: () => young.size + old.size,
  };
}
