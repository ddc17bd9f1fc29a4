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

/** Written out: a name that is put together for each event is hashed for each event. */
export const EVENTS = {
  applied: 'events:applied',
  too_late: 'events:too_late',
  overruled: 'events:overruled',
  duplicate: 'events:duplicate',
  version_tie: 'events:version_tie',
} as const satisfies Record<FoldResult, CounterName>;

export const MOVEMENTS = {
  new: 'movements:new',
  expansion: 'movements:expansion',
  contraction: 'movements:contraction',
  churn: 'movements:churn',
  reactivation: 'movements:reactivation',
} as const satisfies Record<MovementKind, CounterName>;

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
