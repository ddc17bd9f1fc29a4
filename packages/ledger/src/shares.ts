/**
 * Each customer's share of a span by a definition, in SQL: customer, opening, closing, expansion,
 * contraction, churned, kept, `present` (its ARR at the end) and `has_part` in the figure. The same
 * rules as `domain/definitions`, over sums of deltas; test/ledger holds the two against each other.
 */

import type { DefinitionName, Span } from '@holdfast/domain/definitions/definition.ts';
import { type KnownAt, knownBy, whole } from './known.ts';

/** ARR just before a span's start (a) and just before its end (b) of each customer. */
const ends = ({ start, end }: Span, knownAt: KnownAt): string => `
select customer,
  sum(case when effective_at < ${whole(start)} then amount else 0 end) a,
  sum(amount) b
from deltas where effective_at < ${whole(end)}${knownBy(knownAt)} group by customer`;

/** Opening against closing, the parts of most definitions. */
export const parts = (closing: string, kept: string): string => `
customer, a opening, ${closing} closing, greatest(${closing} - a, 0) expansion,
case when ${closing} > 0 then greatest(a - ${closing}, 0) else 0 end contraction,
case when ${closing} = 0 then a else 0 end churned, ${kept} kept, b present, a > 0 has_part`;

/** ARR after each step inside the span, less what it was before it. */
const inside = ({ start, end }: Span, knownAt: KnownAt): string => `
select customer, effective_at, net, sum(net) over (partition by customer order by effective_at) moved
from (
  select customer, effective_at, sum(amount) net from deltas
  where effective_at >= ${whole(start)} and effective_at < ${whole(end)}${knownBy(knownAt)}
  group by customer, effective_at
) where net <> 0`;

/** The least ARR of each customer at any instant of the span. */
const lowest = (span: Span, knownAt: KnownAt): string => `
select customer, a, b,
  a + coalesce(case when at_start then least_moved else least(least_moved, 0) end, 0) lowest
from (${ends(span, knownAt)}) left join (
  select customer, min(moved) least_moved, bool_or(effective_at = ${whole(span.start)}) at_start
  from (${inside(span, knownAt)}) group by customer
) using (customer)`;

const flows = (span: Span, knownAt: KnownAt): string => `
select customer, a opening, a + coalesce(up, 0) - coalesce(down, 0) - coalesce(lost, 0) closing,
  coalesce(up, 0) expansion, coalesce(down, 0) contraction, coalesce(lost, 0) churned,
  0 kept, b present,
  a > 0 or coalesce(up, 0) + coalesce(down, 0) + coalesce(lost, 0) > 0 has_part
from (${ends(span, knownAt)}) left join (
  select customer,
    sum(greatest(net, 0)) filter (a + moved - net > 0) as up,
    sum(greatest(-net, 0)) filter (a + moved - net > 0 and a + moved > 0) as down,
    sum(-net) filter (a + moved - net > 0 and a + moved = 0) as lost
  from (${inside(span, knownAt)}) join (${ends(span, knownAt)}) using (customer)
  group by customer
) using (customer)`;

/** One row for each customer with any delta before the span's end. */
export function sharesSql(definition: DefinitionName, span: Span, knownAt: KnownAt): string {
  switch (definition) {
    case 'point_to_point':
    case 'compounded':
      return `select ${parts('b', 'least(a, b)')} from (${ends(span, knownAt)})`;
    case 'no_returners':
      return `select ${parts('c', 'least(a, c)')}
        from (select *, case when lowest > 0 then b else 0 end c from (${lowest(span, knownAt)}))`;
    case 'path':
      return `select ${parts('b', 'least(a, lowest)')} from (${lowest(span, knownAt)})`;
    case 'flow':
      return flows(span, knownAt);
  }
}
