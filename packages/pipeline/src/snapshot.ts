/**
 * What gauges may say at an instant: sums over all partitions, whole or not at all. Sums of a
 * partition are true on [as-of, first due).
 */

import { type AggregateRow, sumRows } from '@holdfast/domain/aggregates.ts';
import type { PartitionView } from './ports.ts';

export interface RetentionSnapshot {
  /** The instant for which every row is true. */
  readonly asOf: number;
  readonly rows: readonly AggregateRow[];
  /** The greatest loss of one customer by window, minor units. */
  readonly largestLosses: ReadonlyMap<string, number>;
}

export type SnapshotState =
  | { readonly kind: 'whole'; readonly snapshot: RetentionSnapshot }
  /** A partition is about to move on in time: read again, the last whole sum stands meanwhile. */
  | { readonly kind: 'moving' }
  /** Figures can't be known: say nothing. */
  | { readonly kind: 'unknown'; readonly why: string };

/** A partition that has not moved for so long may hide anything. */
export const MAX_AGE_MS = 60_000;

export function snapshotOf(views: readonly (PartitionView | null)[], now: number): SnapshotState {
  if (views.length === 0) return { kind: 'unknown', why: 'there are no partitions' };
  let asOf = Number.NEGATIVE_INFINITY;
  for (const [partition, view] of views.entries()) {
    if (view === null) return { kind: 'unknown', why: `partition ${partition} was never claimed` };
    const { meta } = view;
    if (!meta.caughtUp) {
      return { kind: 'unknown', why: `partition ${partition} has not caught up with its input` };
    }
    if (now - meta.boundary.asOf > MAX_AGE_MS) {
      return { kind: 'unknown', why: `partition ${partition} has not moved for over a minute` };
    }
    asOf = Math.max(asOf, meta.boundary.asOf);
  }
  const known = views.filter((view) => view !== null);
  if (known.some(({ meta }) => meta.firstDue !== null && meta.firstDue <= asOf)) {
    return { kind: 'moving' };
  }
  const rows = sumRows(known.map((view) => view.aggregates));
  return { kind: 'whole', snapshot: { asOf, rows, largestLosses: largestOf(known) } };
}

const largestOf = (views: readonly PartitionView[]): ReadonlyMap<string, number> => {
  const largest = new Map<string, number>();
  for (const { largestLosses } of views) {
    for (const [window, loss] of largestLosses) {
      largest.set(window, Math.max(loss, largest.get(window) ?? 0));
    }
  }
  return largest;
};
