/**
 * What will happen and when: the earliest first, and of the same instant what was planned first.
 * A binary heap; cost grows with the logarithm of what is planned.
 */

import type { Instant } from '@holdfast/domain/scalars.ts';

export interface Agenda<Task> {
  plan(at: Instant, task: Task): void;
  /** The earliest task; undefined when nothing is planned. */
  next(): { readonly at: Instant; readonly task: Task } | undefined;
  size(): number;
}

interface Entry<Task> {
  readonly at: Instant;
  readonly order: number;
  readonly task: Task;
}

const isBefore = <Task>(a: Entry<Task>, b: Entry<Task>): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

export const agenda = <Task>(): Agenda<Task> => {
  const heap: Entry<Task>[] = [];
  let planned = 0;

  const entry = (index: number): Entry<Task> => heap[index] as Entry<Task>;
  const swap = (i: number, j: number): void => {
    [heap[i], heap[j]] = [entry(j), entry(i)];
  };

  const rise = (from: number): void => {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry(at), entry(parent))) return;
      swap(at, parent);
      at = parent;
    }
  };

  const sink = (): void => {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      if (left >= heap.length) return;
      const child = right < heap.length && isBefore(entry(right), entry(left)) ? right : left;
      if (!isBefore(entry(child), entry(at))) return;
      swap(at, child);
      at = child;
    }
  };

  return {
    plan: (at, task) => {
      heap.push({ at, order: planned, task });
      planned += 1;
      rise(heap.length - 1);
    },
    next: () => {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
    size: () => heap.length,
  };
};
