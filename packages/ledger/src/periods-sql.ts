/** Instants into numbered periods, in SQL. */

import { whole } from './known.ts';

/** How many of the edges, ascending, are not after `effective_at`. */
export function periodSql(edges: readonly number[], first = 0, last = edges.length): string {
  if (first === last) return String(first);
  const middle = Math.floor((first + last) / 2);
  return `case when effective_at < ${whole(edges[middle] as number)}
    then ${periodSql(edges, first, middle)} else ${periodSql(edges, middle + 1, last)} end`;
}
