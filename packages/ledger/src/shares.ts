/**
 * Each customer's share of a span by a definition, in SQL: customer, opening, closing, expansion,
 * contraction, churned, kept, `present` (its ARR at the end), `has_part` in the figure, and the
 * numbers of its member just before the span (m) and at its end (n). The same rules as
 * `domain/definitions`, over sums of deltas; test/ledger holds the two against each other.
 */

import type { DefinitionName, Span } from '@holdfast/domain/definitions/definition.ts';
import { type KnownAt, knownBy, stepsSql, sumBefore, whole } from './known.ts';

/** What the shares are of. `by`: the dimension's place in the policy; null: `all`. */
export interface Shared {
  readonly name: DefinitionName;
  readonly span: Span;
  readonly knownAt: KnownAt;
  readonly by: number | null;
}

/** ARR and member just before a span's start (a, m) and just before its end (b, n) of each customer. */
const ends = ({ span: { start, end }, knownAt, by }: Shared): string => `
select customer, ${sumBefore('amount', start)} a, sum(amount) b,
  ${by === null ? '0 m, 0 n' : `${sumBefore('code', start)} m, sum(code) n`}
from (${stepsSql(by, `effective_at < ${whole(end)}${knownBy(knownAt)}`)}) group by customer`;

/** Opening against closing, the parts of most definitions. */
const parts = (closing: string, kept: string): string => `
a opening, ${closing} closing, greatest(${closing} - a, 0) expansion,
case when ${closing} > 0 then greatest(a - ${closing}, 0) else 0 end contraction,
case when ${closing} = 0 then a else 0 end churned, ${kept} kept, b present, a > 0 has_part, m, n`;

export const pointToPointParts = parts('b', 'least(a, b)');

/** ARR after each step inside the span, less what it was before it. */
const inside = ({ span: { start, end }, knownAt }: Shared): string => `
select customer, effective_at, net, sum(net) over (partition by customer order by effective_at) moved
from (
  select customer, effective_at, sum(amount) net from deltas
  where effective_at >= ${whole(start)} and effective_at < ${whole(end)}${knownBy(knownAt)}
  group by customer, effective_at
) where net <> 0`;

/** The least ARR of each customer at any instant of the span. */
const lowest = (shared: Shared): string => `
select customer, a, b, m, n,
  a + coalesce(case when at_start then least_moved else least(least_moved, 0) end, 0) lowest
from (${ends(shared)}) left join (
  select customer, min(moved) least_moved, bool_or(effective_at = ${whole(shared.span.start)}) at_start
  from (${inside(shared)}) group by customer
) using (customer)`;

const flows = (shared: Shared): string => `
with ends as materialized (${ends(shared)})
select customer, a opening, a + coalesce(up, 0) - coalesce(down, 0) - coalesce(lost, 0) closing,
  coalesce(up, 0) expansion, coalesce(down, 0) contraction, coalesce(lost, 0) churned,
  0 kept, b present,
  a > 0 or coalesce(up, 0) + coalesce(down, 0) + coalesce(lost, 0) > 0 has_part, m, n
from ends left join (
  select customer,
    sum(greatest(net, 0)) filter (a + moved - net > 0) as up,
    sum(greatest(-net, 0)) filter (a + moved - net > 0 and a + moved > 0) as down,
    sum(-net) filter (a + moved - net > 0 and a + moved = 0) as lost
  from (${inside(shared)}) join ends using (customer)
  group by customer
) using (customer)`;

/** One row for each customer that anything is known of before the span's end. */
export function sharesSql(shared: Shared): string {
  switch (shared.name) {
    case 'point_to_point':
    case 'compounded':
      return `select customer, ${pointToPointParts} from (${ends(shared)})`;
    case 'no_returners':
      return `select customer, ${parts('c', 'least(a, c)')}
        from (select *, case when lowest > 0 then b else 0 end c from (${lowest(shared)}))`;
    case 'path':
      return `select customer, ${parts('b', 'least(a, lowest)')} from (${lowest(shared)})`;
    case 'flow':
      return flows(shared);
  }
}
