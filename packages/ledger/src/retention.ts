/**
 * Retention at one or many instants, summed in SQL. Windows begin where the domain's calendar says,
 * and ratios are made by the domain's definitions from the sums.
 */

import { ALL } from '@holdfast/domain/aggregates.ts';
import type { Span } from '@holdfast/domain/definitions/definition.ts';
import type { RetentionQuery, RetentionReport } from '@holdfast/domain/retention.ts';
import type { Query } from './database.ts';
import type { KnownAt } from './known.ts';
import type { Held } from './members.ts';
import type { Numbering } from './numbering.ts';
import type { Shared } from './shares.ts';
import { type MemberSums, NOTHING, type SpanSums, sumSpan, sumSpans } from './span-sums.ts';

/** What is asked, but for the instant. */
export type Asked = Omit<RetentionQuery, 'asOf'> & { readonly knownAt: KnownAt };

export interface RetentionAt {
  readonly asOf: number;
  readonly rows: readonly RetentionReport[];
}

/** An instant with the spans that its figure is made of. */
interface Point {
  readonly asOf: number;
  readonly spans: readonly Span[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function rowsOf(
  { dimension, definition }: Asked,
  members: Numbering | undefined,
  sums: readonly SpanSums[],
): readonly RetentionReport[] {
  const named = sums.flatMap((span) =>
    [...span]
      .filter(([, { openingCustomers, customers }]) => openingCustomers > 0 || customers > 0)
      .map(([code]) => code),
  );
  const nameOf = (code: number): string => members?.nameOf(code) ?? ALL;
  return [...new Set(members === undefined ? [0] : named)]
    .sort((a, b) => byText(nameOf(a), nameOf(b)))
    .map((code) => {
      const own = sums.map((span) => span.get(code) ?? NOTHING);
      // The first span ends at the as-of, whatever the definition.
      const { present, customers } = own[0] as MemberSums;
      return {
        dimension,
        member: nameOf(code),
        ...definition.figureOf(own),
        arrMinor: present,
        customers,
      };
    });
}

/** The rows at each instant; as `retention` of the domain. Throws `usage` and `arr_overflow`. */
export async function retentionAt(
  query: Query,
  { rules, members }: Held,
  asked: Asked,
  instants: readonly number[],
): Promise<readonly RetentionAt[]> {
  const { definition, window, dimension, knownAt } = asked;
  const points = instants.map(
    (asOf): Point => ({ asOf, spans: definition.spansOf({ zone: rules.zone, window, asOf }) }),
  );
  const by = dimension === ALL ? null : rules.dimensions.indexOf(dimension);
  const sums = await sumsOf(
    query,
    points.flatMap(({ spans }) => spans),
    { name: definition.name, knownAt, by },
  );
  let next = 0;
  return points.map(({ asOf, spans }) => {
    const own = sums.slice(next, next + spans.length);
    next += spans.length;
    return { asOf, rows: rowsOf(asked, by === null ? undefined : members[by], own) };
  });
}

/** In the order of the spans. */
async function sumsOf(
  query: Query,
  spans: readonly Span[],
  shared: Omit<Shared, 'span'>,
): Promise<readonly SpanSums[]> {
  const inOnePass = shared.name === 'point_to_point' || shared.name === 'compounded';
  if (!inOnePass || spans.length < 2) {
    const sums: SpanSums[] = [];
    for (const span of spans) sums.push(await sumSpan(query, { ...shared, span }));
    return sums;
  }
  const sums = new Map<string, SpanSums>();
  for (const chain of chainsOf(spans)) {
    const found = await sumSpans(query, chain, shared);
    for (const [index, span] of chain.entries()) sums.set(keyOf(span), found[index] as SpanSums);
  }
  return spans.map((span) => sums.get(keyOf(span)) as SpanSums);
}

/** Statements grow with the spans, and nothing is gained beyond so many. */
const SPANS_A_STATEMENT = 512;

const keyOf = ({ start, end }: Span): string => `${start} ${end}`;

/** Each span once, in rows of some in which neither starts nor ends go back. */
function chainsOf(spans: readonly Span[]): readonly (readonly Span[])[] {
  const chains: Span[][] = [];
  const once = new Map(spans.map((span) => [keyOf(span), span]));
  for (const span of [...once.values()].sort((a, b) => a.end - b.end || a.start - b.start)) {
    const chain = chains.find(
      (one) => one.length < SPANS_A_STATEMENT && (one.at(-1) as Span).start <= span.start,
    );
    if (chain === undefined) chains.push([span]);
    else chain.push(span);
  }
  return chains;
}
