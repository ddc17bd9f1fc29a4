/**
 * An example's events through the live machine: each is a commit when it was recorded, and time
 * moves on in between to whatever comes due.
 */

import { parseChangeLine } from '@holdfast/contracts/json-change.ts';
import { sumRows } from '@holdfast/domain/aggregates.ts';
import type { ArrDelta } from '@holdfast/domain/delta.ts';
import { grr, logoRetention, nrr } from '@holdfast/domain/ratios.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { startRun } from '../machine/run.ts';
import type { ReferenceCommit } from '../reference/published.ts';
import type { Example } from './example.ts';

type Found = Readonly<Record<string, unknown>>;

export interface Lived {
  /** What was said on `arr-deltas`, each with the as-of at which it was said. */
  readonly deltas: readonly Found[];
  /** Aggregates of one window for all customers, with the ratios that the exporter makes of them. */
  readonly gauges: (window: string) => Promise<Found>;
  readonly counts: () => Promise<Found>;
}

/** Takes what was recorded until then, and time up to then. */
export async function live({ rules, events }: Example, until: number): Promise<Lived> {
  const run = await startRun(rules.policy, 100);
  const deltas: Found[] = [];
  let now = 0;
  const commit = async (next: ReferenceCommit): Promise<void> => {
    now = next.asOf;
    for (const delta of await run.commit(next)) {
      if (delta.type === 'arr_delta') deltas.push(onWire(delta, next.asOf));
    }
  };
  const passUntil = async (end: number): Promise<void> => {
    for (;;) {
      const due = (await run.view()).meta.firstDue;
      if (due === null || due > end) break;
      await commit({ asOf: Math.max(due, now), records: [] });
    }
    await commit({ asOf: end, records: [] });
  };
  for (const [offset, event] of events.entries()) {
    const record = parseChangeLine(JSON.stringify(event));
    if (isRejection(record)) throw new Error(record.message);
    if (record.recordedAt > until) continue;
    const asOf = Math.max(now, record.recordedAt);
    await passUntil(asOf);
    await commit({ asOf, records: [{ record, offset }] });
  }
  await passUntil(until);
  return {
    deltas,
    gauges: async (window) => {
      const rows = sumRows([(await run.view()).aggregates]);
      const row = rows.find((one) => one.kind === 'retention' && one.window === window);
      if (row?.kind !== 'retention') throw new Error(`no gauge of ${window}; nothing is open`);
      return {
        opening_arr_minor: row.openingArrMinor,
        expansion_arr_minor: row.expansionArrMinor,
        contraction_arr_minor: row.contractionArrMinor,
        churned_arr_minor: row.churnedArrMinor,
        closing_arr_minor: row.closingArrMinor,
        opening_customers: row.openingCustomers,
        retained_customers: row.retainedCustomers,
        nrr: nrr(row),
        grr: grr(row),
        logo_retention: logoRetention(row),
      };
    },
    counts: async () => {
      const { counters } = await run.view();
      const of = (result: string): number => counters.get(`events:${result}`) ?? 0;
      return {
        applied: of('applied'),
        duplicate: of('duplicate'),
        version_tie: of('version_tie'),
        too_late: of('too_late'),
      };
    },
  };
}

const onWire = (delta: ArrDelta, asOf: number): Found => ({
  said: new Date(asOf).toISOString(),
  op: delta.op,
  customer_id: delta.customerId,
  effective_at: new Date(delta.effectiveAt).toISOString(),
  movement: delta.movement,
  amount_minor: delta.amountMinor,
  drivers: delta.drivers.map(({ driver, productId, amountMinor }) => ({
    driver,
    product_id: productId,
    amount_minor: amountMinor,
  })),
});
