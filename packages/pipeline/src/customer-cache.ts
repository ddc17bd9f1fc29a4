/**
 * Customers of one partition in memory. An entry is what the store holds, and its contribution is
 * in the aggregates; it is valid until its due. Kept in two generations: what is used moves to the
 * young one, and when that is full the old one is forgotten whole, so that nothing is ever deleted
 * one by one.
 */

import type { Contribution } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';

export interface CachedCustomer {
  readonly customer: Customer;
  readonly contribution: Contribution;
}

export interface CustomerCache {
  get(customerId: string): CachedCustomer | undefined;
  set(customerId: string, entry: CachedCustomer): void;
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
    set: (id, entry) => {
      young.set(id, entry);
    },
    trim: () => {
      if (young.size <= capacity / 2) return;
      old = young.size <= capacity ? young : new Map();
      young = new Map();
    },
    size: () => young.size + old.size,
  };
}
