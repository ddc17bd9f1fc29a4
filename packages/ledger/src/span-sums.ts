/** The sums of shares of one span or of many, by member, in SQL. */

import type { ShareSums, Span } from '@holdfast/domain/definitions/definition.ts';
import { arrOverflow } from '@holdfast/domain/overflow.ts';
import type { Query } from './database.ts';
import { knownBy, stepsSql, UP_TO_HERE, whole } from './known.ts';
import { periodSql } from './periods-sql.ts';
import { pointToPointParts, type Shared, sharesSql } from './shares.ts';

/** Shares of the customers that had the member just before the span, and ARR of those with it at its end. */
export interface MemberSums extends ShareSums {
  readonly present: number;
  readonly customers: number;
}

/** Of one span, by the member's number. */
export type SpanSums = ReadonlyMap<number, MemberSums>;

export const NOTHING: MemberSums = {
  opening: 0,
  closing: 0,
  expansion: 0,
  contraction: 0,
  churned: 0,
  kept: 0,
  openingCustomers: 0,
  retainedCustomers: 0,
  present: 0,
  customers: 0,
};

/** By the member before the span (m) stand the shares, by that at its end (n) what is present. */
interface SumsRow extends MemberSums {
  readonly m: number | null;
  readonly n: number | null;
}

const SHARES = [
  'opening',
  'closing',
  'expansion',
  'contraction',
  'churned',
  'kept',
  'openingCustomers',
  'retainedCustomers',
] as const;
const PRESENT = ['present', 'customers'] as const;

const add = (
  sums: Map<number, MemberSums>,
  code: number | null,
  names: readonly (keyof MemberSums)[],
  row: MemberSums,
  sign: 1 | -1,
): void => {
  if (code === null) return;
  const changed: Record<keyof MemberSums, number> = { ...(sums.get(code) ?? NOTHING) };
  for (const name of names) {
    changed[name] += sign * row[name];
    if (!Number.isSafeInteger(changed[name])) throw arrOverflow('a sum of shares', changed[name]);
  }
  sums.set(code, changed);
};

const addRow = (sums: Map<number, MemberSums>, row: SumsRow, sign: 1 | -1): void => {
  add(sums, row.m, SHARES, row, sign);
  add(sums, row.n, PRESENT, row, sign);
};

/** A case costs half of what a filter does. */
const SUMS = `
sum(case when has_part then opening else 0 end) opening,
sum(case when has_part then closing else 0 end) closing,
sum(case when has_part then expansion else 0 end) expansion,
sum(case when has_part then contraction else 0 end) contraction,
sum(case when has_part then churned else 0 end) churned,
sum(case when has_part then kept else 0 end) kept,
count(case when has_part and opening > 0 then 1 end) "openingCustomers",
count(case when has_part and opening > 0 and closing > 0 then 1 end) "retainedCustomers",
sum(case when present > 0 then present else 0 end) present,
count(case when present > 0 then 1 end) customers`;

export async function sumSpan(query: Query, shared: Shared): Promise<SpanSums> {
  const rows = await query<SumsRow>(
    `select m, n, ${SUMS} from (${sharesSql(shared)}) group by m, n`,
  );
  const sums = new Map<number, MemberSums>();
  for (const row of rows) addRow(sums, row, 1);
  return sums;
}

/**
 * States of customers while spans follow each other: from span i up to, not including, span `till`
 * (null: to the last) a customer has ARR a and member m just before the span, b and n at its end.
 * A customer changes at few of the spans, so that their number costs next to nothing.
 */
const statesSql = (spans: readonly Span[], { knownAt, by }: Omit<Shared, 'span' | 'name'>) => {
  const starts = spans.map(({ start }) => start);
  const stops = spans.map(({ end }) => end);
  const before = (edges: readonly number[]): string =>
    stepsSql(by, `effective_at < ${whole(edges.at(-1) as number)}${knownBy(knownAt)}`);
  return `
select i, lead(i) over w till, sum(da) over w a, sum(db) over w b, sum(dm) over w m, sum(dn) over w n
from (
  select customer, i, sum(da) da, sum(db) db, sum(dm) dm, sum(dn) dn from (
    select customer, ${periodSql(stops)} i, 0 da, amount db, 0 dm, code dn from (${before(stops)})
    union all
    select customer, ${periodSql(starts)}, amount, 0, code, 0 from (${before(starts)})
  ) group by customer, i
) window w as (partition by customer order by i ${UP_TO_HERE})`;
};

interface ChangeRow extends SumsRow {
  /** From this span on the row counts; null: it does so no longer from `till` on. */
  readonly i: number | null;
  readonly till: number | null;
}

/** Opening against closing of many spans, in one pass. Neither starts nor ends go back. */
export async function sumSpans(
  query: Query,
  spans: readonly Span[],
  shared: Omit<Shared, 'span' | 'name'>,
): Promise<readonly SpanSums[]> {
  const rows = await query<ChangeRow>(
    `select i, till, m, n, ${SUMS} from (select i, till, ${pointToPointParts} from (${statesSql(spans, shared)}))
     group by grouping sets ((i, m), (till, m), (i, n), (till, n))`,
  );
  const from = Map.groupBy(rows, ({ i }) => i);
  const till = Map.groupBy(rows, (row) => row.till);
  const sums = new Map<number, MemberSums>();
  return spans.map((_, index) => {
    for (const row of from.get(index) ?? []) addRow(sums, row, 1);
    for (const row of till.get(index) ?? []) addRow(sums, row, -1);
    return new Map(sums);
  });
}
