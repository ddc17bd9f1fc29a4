/**
 * Retention at one or many instants, summed in SQL. Windows begin where the domain's calendar says,
 * and ratios are made by the domain's definitions from the sums.
 */

import { ALL } from '@holdfast/domain/aggregates.ts';
import type { ShareSums, Span } from '@holdfast/domain/definitions/definition.ts';
import type { RetentionQuery, RetentionReport } from '@holdfast/domain/retention.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { Query } from './database.ts';
import { classificationsInForce, heldAt, type KnownAt, knownBy, whole } from './known.ts';
import { parts, sharesSql } from './shares.ts';

/** What is asked, but for the instant. */
export type Asked = Omit<RetentionQuery, 'asOf'> & { readonly knownAt: KnownAt };

export interface RetentionAt {
  readonly asOf: number;
  readonly rows: readonly RetentionReport[];
}

interface SumsRow extends ShareSums {
  readonly span: number;
  /** By the member just before the span, or by the one at its end. */
  readonly kind: 'share' | 'present';
  readonly member: string;
  readonly present: number;
  readonly customers: number;
}

/** An instant with the spans that its figure is made of. */
interface Point {
  readonly asOf: number;
  readonly spans: readonly Span[];
}

const SHARE_SUMS = `
coalesce(sum(opening), 0) opening, coalesce(sum(closing), 0) closing,
coalesce(sum(expansion), 0) expansion, coalesce(sum(contraction), 0) contraction,
coalesce(sum(churned), 0) churned, coalesce(sum(kept), 0) kept,
count(*) filter (opening > 0) "openingCustomers",
count(*) filter (opening > 0 and closing > 0) "retainedCustomers", 0 present, 0 customers`;

const PRESENT_SUMS = `0, 0, 0, 0, 0, 0, 0, 0, sum(present), count(*)`;

/** More columns than this a statement, and DuckDB plans longer than it sums. */
const SPANS_A_STATEMENT = 16;

const NOBODY = "'unknown'";

/** Members of each customer just before and at the end of every span, as columns m0, n0, m1 ... */
const members = (spans: readonly Span[], dimension: number, knownAt: KnownAt): string => `
select customer, ${spans
  .map(
    ({ start, end }, index) =>
      `${heldAt('member', start - 1)} m${index}, ${heldAt('member', end - 1)} n${index}`,
  )
  .join(', ')}
from (${classificationsInForce(knownAt, dimension)}) group by customer`;

/** Sums of shares of one span, and of ARR at its end, from a table of shares with members m and n. */
const sumsOf = (span: number, shares: string): string => `
select ${span} span, 'share' kind, m member, ${SHARE_SUMS} from ${shares}
  where has_part group by m
union all
select ${span}, 'present', n, ${PRESENT_SUMS} from ${shares} where present > 0 group by n`;

/** Opening against closing of many spans in one pass over the deltas. */
const pointToPointSql = (spans: readonly Span[], by: number | null, knownAt: KnownAt): string => {
  const last = Math.max(...spans.map(({ end }) => end));
  const before = (at: number, name: string): string =>
    `sum(case when effective_at < ${whole(at)} then amount else 0 end) ${name}`;
  const arr = `select customer, ${spans
    .map(({ start, end }, index) => `${before(start, `a${index}`)}, ${before(end, `b${index}`)}`)
    .join(
      ', ',
    )} from deltas where effective_at < ${whole(last)}${knownBy(knownAt)} group by customer`;
  const sums = spans.map((_, index) =>
    sumsOf(
      index,
      `(select ${parts('b', 'least(a, b)')}, m, n from (select customer, a${index} a, b${index} b,
        ${by === null ? "'all' m, 'all' n" : `coalesce(m${index}, ${NOBODY}) m, coalesce(n${index}, ${NOBODY}) n`}
        from arr${by === null ? '' : ' left join members using (customer)'}))`,
    ),
  );
  return `with arr as materialized (${arr})
    ${by === null ? '' : `, members as materialized (${members(spans, by, knownAt)})`}
    ${sums.join(' union all ')}`;
};

const oneSpanSql = (asked: Asked, span: Span, by: number | null): string => {
  const shares = sharesSql(asked.definition.name, span, asked.knownAt);
  const joined =
    by === null
      ? `select *, 'all' m, 'all' n from (${shares})`
      : `select s.*, coalesce(m0, ${NOBODY}) m, coalesce(n0, ${NOBODY}) n from (${shares}) s
         left join (${members([span], by, asked.knownAt)}) using (customer)`;
  return `with shares as materialized (${joined}) ${sumsOf(0, 'shares')}`;
};

/** The sums of each span, in the order given. */
async function sumSpans(
  query: Query,
  asked: Asked,
  by: number | null,
  spans: readonly Span[],
): Promise<readonly (readonly SumsRow[])[]> {
  const found: (readonly SumsRow[])[] = [];
  const { name } = asked.definition;
  const inOnePass = name === 'point_to_point' || name === 'compounded';
  const size = inOnePass ? SPANS_A_STATEMENT : 1;
  for (let from = 0; from < spans.length; from += size) {
    const part = spans.slice(from, from + size);
    const rows = await query<SumsRow>(
      inOnePass ? pointToPointSql(part, by, asked.knownAt) : oneSpanSql(asked, part[0] as Span, by),
    );
    found.push(...part.map((_, index) => rows.filter(({ span }) => span === index)));
  }
  return found;
}

const NOTHING: ShareSums = {
  opening: 0,
  closing: 0,
  expansion: 0,
  contraction: 0,
  churned: 0,
  kept: 0,
  openingCustomers: 0,
  retainedCustomers: 0,
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function rowsOf(asked: Asked, sums: readonly (readonly SumsRow[])[]): readonly RetentionReport[] {
  const { dimension, definition } = asked;
  // The first span ends at the as-of, whatever the definition.
  const present = (sums[0] ?? []).filter(({ kind }) => kind === 'present');
  const shares = sums.map((rows) => rows.filter(({ kind }) => kind === 'share'));
  const named = [...present, ...shares.flat()].map(({ member }) => member);
  const found = [...new Set(dimension === ALL ? [ALL] : named)].sort(byText);
  return found.map((member) => {
    const now = present.find((row) => row.member === member);
    return {
      dimension,
      member,
      ...definition.figureOf(
        shares.map((rows) => rows.find((row) => row.member === member) ?? NOTHING),
      ),
      arrMinor: now?.present ?? 0,
      customers: now?.customers ?? 0,
    };
  });
}

/** The rows at each instant; as `retention` of the domain. Throws `usage` and `arr_overflow`. */
export async function retentionAt(
  query: Query,
  rules: Rules,
  asked: Asked,
  instants: readonly number[],
): Promise<readonly RetentionAt[]> {
  const points = instants.map(
    (asOf): Point => ({
      asOf,
      spans: asked.definition.spansOf({ zone: rules.zone, window: asked.window, asOf }),
    }),
  );
  const by = asked.dimension === ALL ? null : rules.dimensions.indexOf(asked.dimension);
  const sums = await sumSpans(
    query,
    asked,
    by,
    points.flatMap(({ spans }) => spans),
  );
  let next = 0;
  return points.map(({ asOf, spans }) => {
    const own = sums.slice(next, next + spans.length);
    next += spans.length;
    return { asOf, rows: rowsOf(asked, own) };
  });
}
