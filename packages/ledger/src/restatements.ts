/** Which generations were put in force over another, and what that changed. */

import type { Query } from './database.ts';

export interface Restatement {
  /** The name that its deltas carry. */
  readonly name: string;
  readonly generation: string;
  /**
   * What was known last before it was put in force. Its own deltas carry the instants of their
   * records, so when it was promoted they do not say.
   */
  readonly afterKnownAt: number;
  /** Of the earliest movement or classification that it retracted or asserted. */
  readonly effectiveFrom: number;
  /** All of its deltas, retractions too. */
  readonly deltas: number;
  /** What it changed in present ARR. */
  readonly amountMinor: number;
}

interface Row {
  readonly name: string;
  readonly generation: string;
  readonly after_known_at: number;
  readonly effective_from: number;
  readonly deltas: number;
  readonly amount: number;
}

const SQL = `
with said as (
  select partition_, sequence_, generation, restatement, known_at, effective_at, amount from deltas
  union all
  select partition_, sequence_, generation, restatement, known_at, effective_at, 0 from classified
), restated as materialized (
  select restatement as name, generation, partition_, max(sequence_) last_, count(*) deltas,
    min(effective_at) effective_from, sum(amount) amount
  from said where restatement is not null group by all
), known as (
  select name, r.generation, max(known_at) after_known_at
  from restated r join said s on s.partition_ = r.partition_ and s.sequence_ <= r.last_
  group by all
)
select name, generation, after_known_at, min(effective_from) effective_from, sum(deltas) deltas,
  sum(amount) amount
from restated join known using (name, generation)
group by name, generation, after_known_at order by after_known_at, max(last_)`;

/** The earliest first. */
export async function restatementsIn(query: Query): Promise<readonly Restatement[]> {
  const rows = await query<Row>(SQL);
  return rows.map((row) => ({
    name: row.name,
    generation: row.generation,
    afterKnownAt: row.after_known_at,
    effectiveFrom: row.effective_from,
    deltas: row.deltas,
    amountMinor: row.amount,
  }));
}
