/** Totals that a commit keeps exactly once, by name; `packages/telemetry` shows them as counters. */

import type { MovementKind } from '@holdfast/domain/delta.ts';
import type { FoldResult } from '@holdfast/domain/fold.ts';
import type { RejectionReason } from '@holdfast/domain/rejection.ts';

export type CounterName =
  | `events:${FoldResult | 'dead_letter'}`
  | `dead_letters:${RejectionReason}`
  | `movements:${MovementKind}`
  | 'arr:late'
  | 'arr:corrected';

export interface Counters {
  /** Adds to a total. Movements and ARR count in minor units, both signs up. */
  add(name: CounterName, by: number): void;
  /** Totals changed since the last call, absolute. */
  takeChanged(): (readonly [string, number])[];
}

export function counters(stored: ReadonlyMap<string, number>): Counters {
  const totals = new Map<string, number>(stored);
  let changed = new Map<string, number>();
  return {
    add: (name, by) => {
      changed.set(name, (changed.get(name) ?? 0) + by);
    },
    takeChanged: () => {
      const rows = [...changed].map(([name, by]) => [name, (totals.get(name) ?? 0) + by] as const);
      for (const [name, total] of rows) totals.set(name, total);
      changed = new Map();
      return rows;
    },
  };
}
