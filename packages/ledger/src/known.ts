/** Pieces of SQL that most questions share. Only whole numbers are written into a statement. */

import { memberColumn } from './tables.ts';

/** Instants of what is known: all of it, or what was known at an instant. */
export type KnownAt = number | null;

/** Follows a `where` condition. */
export const knownBy = (knownAt: KnownAt, table = ''): string =>
  knownAt === null ? '' : ` and ${table}known_at <= ${whole(knownAt)}`;

/** A number as SQL text. */
export function whole(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  throw new Error(`${value} is no whole number`);
}

/**
 * A customer's classifications in force: customer, effective_at, member, name. Retractions are few,
 * so that they are looked up, not sorted in.
 */
export const classificationsInForce = (
  knownAt: KnownAt,
  dimension: number | null,
  where = '',
): string => `
select customer, effective_at, name, ${dimension === null ? "'all'" : memberColumn(dimension)} member
from classified c
where op = 1${knownBy(knownAt)}${where} and not exists (
  select 1 from classified r where r.op = -1 and r.customer = c.customer
    and r.effective_at = c.effective_at and r.sequence_ > c.sequence_${knownBy(knownAt, 'r.')})`;

/** What held at an instant, of columns `value` and `effective_at` by customer: the first one holds before, too. */
export const heldAt = (value: string, at: number): string =>
  `coalesce(arg_max(${value}, effective_at) filter (effective_at <= ${whole(at)}),
    arg_min(${value}, effective_at))`;
