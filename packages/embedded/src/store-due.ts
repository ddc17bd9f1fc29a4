/**
 * Dues of customers, least first. A binary heap whose entries are left in place when a due is
 * changed and dropped when they come to the top, so that a change costs the logarithm of the
 * customers and the least is at hand.
 */

interface Entry {
  readonly due: number;
  readonly customerId: string;
}

export interface DueIndex {
  get(customerId: string): number | null;
  /** Null: never due. */
  set(customerId: string, due: number | null): void;
  least(): number | null;
  /** Customers due at the instant or before it, by due, then by id. */
  upTo(instant: number): readonly string[];
  entries(): IterableIterator<[customerId: string, due: number]>;
}

/** Outdated entries are swept out when they outnumber the others by this factor. */
const MOST_ENTRIES_A_CUSTOMER = 2;
const LEAST_SWEPT = 1024;

export const dueIndex = (initial: Iterable<readonly [string, number]> = []): DueIndex => {
  const dues = new Map<string, number>(initial);
  let heap: Entry[] = [];
  let sorted: { readonly instant: number; readonly customerIds: readonly string[] } | null = null;

  const isCurrent = (entry: Entry): boolean => dues.get(entry.customerId) === entry.due;

  const swap = (a: number, b: number): void => {
    const held = heap[a] as Entry;
    heap[a] = heap[b] as Entry;
    heap[b] = held;
  };
  const dueAt = (place: number): number => heap[place]?.due ?? Number.POSITIVE_INFINITY;

  const push = (entry: Entry): void => {
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (dueAt(parent) <= entry.due) return;
      swap(place, parent);
      place = parent;
    }
  };
  const pop = (): void => {
    swap(0, heap.length - 1);
    heap.pop();
    for (let place = 0; ; ) {
      const left = 2 * place + 1;
      const lesser = dueAt(left + 1) < dueAt(left) ? left + 1 : left;
      if (dueAt(lesser) >= dueAt(place)) return;
      swap(place, lesser);
      place = lesser;
    }
  };
  const sweep = (): void => {
    // An ascending array is a heap.
    heap = [...dues]
      .map(([customerId, due]) => ({ customerId, due }))
      .sort((a, b) => a.due - b.due);
  };
  sweep();

  return {
    get: (customerId) => dues.get(customerId) ?? null,

    set: (customerId, due) => {
      if ((dues.get(customerId) ?? null) === due) return;
      sorted = null;
      if (due === null) {
        dues.delete(customerId);
        return;
      }
      dues.set(customerId, due);
      push({ due, customerId });
      if (heap.length > Math.max(LEAST_SWEPT, MOST_ENTRIES_A_CUSTOMER * dues.size)) sweep();
    },

    least: () => {
      for (let top = heap[0]; top !== undefined; top = heap[0]) {
        if (isCurrent(top)) return top.due;
        pop();
      }
      return null;
    },

    upTo: (instant) => {
      if (sorted?.instant === instant) return sorted.customerIds;
      const found = new Map<string, Entry>();
      const visit = [0];
      for (let place = visit.pop(); place !== undefined; place = visit.pop()) {
        const entry = heap[place];
        if (entry === undefined || entry.due > instant) continue;
        if (isCurrent(entry)) found.set(entry.customerId, entry);
        visit.push(2 * place + 1, 2 * place + 2);
      }
      const customerIds = [...found.values()]
        .sort((a, b) => a.due - b.due || (a.customerId < b.customerId ? -1 : 1))
        .map((entry) => entry.customerId);
      sorted = { instant, customerIds };
      return customerIds;
    },

    entries: () => dues.entries(),
  };
};
