/**
 * Customers of one partition in memory, encoded as the store holds them: a text costs the garbage
 * collector nothing to keep, a tree of objects does. Kept in two generations: what is used moves to the
 * young one, and when that is full the old one is forgotten whole, so that nothing is ever deleted
 * one by one.
 */

export interface CustomerCache {
  get(customerId: string): string | undefined;
  set(customerId: string, value: string): void;
  /** Forgets what was not used for long, so that at most the capacity is left; between commits only. */
  trim(): void;
  readonly size: () => number;
}

export function customerCache(capacity: number): CustomerCache {
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  return {
    get: (id) => {
      const found = young.get(id);
      if (found !== undefined) return found;
      const known = old.get(id);
      if (known !== undefined) young.set(id, known);
      return known;
    },
    set: (id, value) => {
      young.set(id, value);
    },
    trim: () => {
      if (young.size <= capacity / 2) return;
      old = young.size <= capacity ? young : new Map();
      young = new Map();
    },
    size: () => young.size + old.size,
  };
}
