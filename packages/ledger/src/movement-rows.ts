/** Movements as they were published, read back from the table. */

import type { Driver, MovementKind } from '@holdfast/domain/delta.ts';
import { whole } from './known.ts';

export interface CauseRow {
  readonly eventId: string;
  readonly source: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** As JSON shows it. */
export interface DriverJson {
  readonly driver: Driver['driver'];
  readonly product_id: string;
  readonly amount_minor: number;
}

export interface MovementRow {
  readonly deltaId: string;
  readonly partition: number;
  readonly sequence: number;
  readonly customer: number;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly effectiveAt: number;
  readonly knownAt: number;
  readonly op: 'assert' | 'retract';
  readonly movement: MovementKind;
  readonly arrBeforeMinor: number;
  readonly arrAfterMinor: number;
  readonly amountMinor: number;
  readonly drivers: readonly DriverJson[];
  readonly cause: CauseRow;
  readonly restatement: string | null;
}

export interface StoredMovement {
  readonly delta_id: string;
  readonly partition_: number;
  readonly sequence_: number;
  readonly customer: number;
  readonly customer_id: string;
  readonly customer_name: string | null;
  readonly attributes: string;
  readonly effective_at: number;
  readonly known_at: number;
  readonly op: 1 | -1;
  readonly movement: MovementKind;
  readonly arr_before: number;
  readonly arr_after: number;
  readonly amount: number;
  readonly drivers: string;
  readonly event_id: string;
  readonly source: string;
  readonly topic: string;
  readonly cause_partition: number;
  readonly cause_offset: number;
  readonly restatement: string | null;
}

/** Of the deltas under a condition; `order` may end in a limit. The wide columns are read of those rows only. */
export const movementsSql = (where: string, order: string): string => `
select d.generation || ':' || d.partition_ || ':' || d.sequence_ delta_id, d.*, c.customer_id
from (select * from deltas where ${where} order by ${order}) d
join customers c on d.customer = c.customer order by ${order.replace(/ limit .*/, '')}`;

/** All that a partition tells of customers is in their order there. */
export const ofCustomers = (customers: readonly number[]): string =>
  `customer in (${customers.length === 0 ? 'null' : customers.map(whole).join(', ')})`;

export const causeOf = (row: {
  readonly event_id: string;
  readonly source: string;
  readonly topic: string;
  readonly cause_partition: number;
  readonly cause_offset: number;
}): CauseRow => ({
  eventId: row.event_id,
  source: row.source,
  topic: row.topic,
  partition: row.cause_partition,
  offset: row.cause_offset,
});

export const movementOf = (row: StoredMovement): MovementRow => ({
  deltaId: row.delta_id,
  partition: row.partition_,
  sequence: row.sequence_,
  customer: row.customer,
  customerId: row.customer_id,
  customerName: row.customer_name,
  attributes: JSON.parse(row.attributes) as Record<string, string>,
  effectiveAt: row.effective_at,
  knownAt: row.known_at,
  op: row.op === 1 ? 'assert' : 'retract',
  movement: row.movement,
  arrBeforeMinor: row.arr_before,
  arrAfterMinor: row.arr_after,
  amountMinor: row.amount,
  drivers: JSON.parse(row.drivers) as DriverJson[],
  cause: causeOf(row),
  restatement: row.restatement,
});

export interface InForce<Row> {
  /** Ascending by effectiveAt. */
  readonly inForce: readonly Row[];
  readonly retracted: readonly { readonly row: Row; readonly by: Row }[];
}

/** Rows of one customer in the order of their sequence; at most one is in force at an instant. */
export function inForceOf<Row extends { readonly effectiveAt: number; readonly op: string }>(
  rows: readonly Row[],
): InForce<Row> {
  const standing = new Map<number, Row>();
  const retracted: { readonly row: Row; readonly by: Row }[] = [];
  for (const row of rows) {
    if (row.op === 'assert') {
      standing.set(row.effectiveAt, row);
      continue;
    }
    const before = standing.get(row.effectiveAt);
    if (before !== undefined) retracted.push({ row: before, by: row });
    standing.delete(row.effectiveAt);
  }
  const inForce = [...standing.values()].sort((a, b) => a.effectiveAt - b.effectiveAt);
  return { inForce, retracted };
}
