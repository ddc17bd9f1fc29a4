/**
 * Customers of one partition in memory, the least recently used leave first. An entry is what the
 * store holds, and its contribution is in the aggregates; it is valid until its due.
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
  /** Forgets the oldest entries beyond the capacity; between commits only. */
  trim(): void;
  readonly size: () => number;
}

export function customerCache(capacity: number): CustomerCache {
  const entries = new Map<string, CachedCustomer>();
  return {
    get: (id) => entries.get(id),
    set: (id, entry) => {
      // Deleting first moves the entry to the young end.
      entries.delete(id);
      entries.set(id, entry);
    },
    trim: () => {
      for (const id of entries.keys()) {
        if (entries.size <= capacity) break;
        entries.delete(id);
      }
    },
    size: () => entries.size,
  };
}
