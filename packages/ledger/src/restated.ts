/** What became known later and changed a figure: both figures, and the events between them. */

import type { Span } from '@holdfast/domain/definitions/definition.ts';
import { spanToExplain } from '@holdfast/domain/explain.ts';
import type { RetentionReport } from '@holdfast/domain/retention.ts';
import type { Query } from './database.ts';
import { namesAt } from './explain.ts';
import { whole } from './known.ts';
import type { Held } from './members.ts';
import { type Asked, retentionAt } from './retention.ts';
import { sharesSql } from './shares.ts';

export interface RestatedQuery extends Asked {
  readonly asOf: number;
  readonly knownAt: number;
  /** Most events named. */
  readonly limit: number;
}

export interface RestatingEvent {
  readonly eventId: string;
  readonly source: string;
  readonly customerId: string;
  readonly customerName: string | null;
  readonly effectiveAt: number;
  readonly knownAt: number;
  /** What it changed in the customer's ARR from that instant on. */
  readonly amountMinor: number;
}

export interface Restated {
  readonly known: RetentionReport;
  readonly corrected: RetentionReport;
  /** The greatest amounts first. */
  readonly events: readonly RestatingEvent[];
  readonly eventCount: number;
}

interface EventRow {
  readonly event_id: string;
  readonly source: string;
  readonly customer: number;
  readonly customer_id: string;
  readonly effective_at: number;
  readonly known_at: number;
  readonly amount: number;
  readonly of_all: number;
}

/** Of the customers whose share is another now. */
const eventsSql = ({ definition: { name }, knownAt, limit }: RestatedQuery, span: Span): string => {
  const share = (known: number | null): string =>
    `select customer, opening, closing, kept, expansion, contraction, churned
     from (${sharesSql({ name, span, knownAt: known, by: null })})
     where has_part`;
  return `
with changed as materialized (
  select distinct customer from (
    (${share(null)} except ${share(knownAt)}) union all (${share(knownAt)} except ${share(null)}))
), events as (
  select event_id, source, customer, effective_at, max(known_at) known_at, sum(amount) amount
  from deltas where known_at > ${whole(knownAt)} and effective_at < ${whole(span.end)}
    and customer in (select customer from changed)
  group by event_id, source, customer, effective_at having sum(amount) <> 0
)
select events.*, customer_id, count(*) over () of_all
from events join customers using (customer)
order by abs(amount) desc, customer_id, effective_at, event_id limit ${whole(limit)}`;
};

/** Throws `usage` as `spanToExplain` of the domain does. */
export async function restatedAt(
  query: Query,
  held: Held,
  asked: RestatedQuery,
): Promise<Restated> {
  const span = spanToExplain(held.rules, asked);
  const figure = async (knownAt: number | null): Promise<RetentionReport> => {
    const [point] = await retentionAt(query, held, { ...asked, knownAt }, [asked.asOf]);
    return point?.rows[0] as RetentionReport;
  };
  const known = await figure(asked.knownAt);
  const corrected = await figure(null);
  const rows = await query<EventRow>(eventsSql(asked, span));
  const names = await namesAt(
    query,
    rows.map(({ customer }) => customer),
    { asOf: asked.asOf, knownAt: null },
  );
  return {
    known,
    corrected,
    eventCount: rows[0]?.of_all ?? 0,
    events: rows.map((row) => ({
      eventId: row.event_id,
      source: row.source,
      customerId: row.customer_id,
      customerName: names.get(row.customer) ?? null,
      effectiveAt: row.effective_at,
      knownAt: row.known_at,
      amountMinor: row.amount,
    })),
  };
}
