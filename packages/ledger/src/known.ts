/** Pieces of SQL that most questions share. Only whole numbers are written into a statement. */

/** Instants of what is known: all of it, or what was known at an instant. */
export type KnownAt = number | null;

/** Follows a `where` condition. */
export const knownBy = (knownAt: KnownAt): string =>
  knownAt === null ? '' : ` and known_at <= ${whole(knownAt)}`;

/** A number as SQL text. */
export function whole(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  throw new Error(`${value} is no whole number`);
}

/** The column of a dimension in `member_steps`, by its place in the policy. */
export const memberColumn = (index: number): string => `member_${index}`;

/**
 * What ARR and, but for the dimension `all`, the number of the member change by: customer,
 * effective_at, amount, code.
 */
export const stepsSql = (dimension: number | null, where: string): string => `
select customer, effective_at, amount, 0 code from deltas where ${where}
${
  dimension === null
    ? ''
    : `union all select customer, effective_at, 0, ${memberColumn(dimension)}
       from member_steps where ${where}`
}`;

/** Of a window without equals: rows are quicker than the range that DuckDB takes by itself. */
export const UP_TO_HERE = 'rows between unbounded preceding and current row';

/** What a column of steps adds up to just before an instant. */
export const sumBefore = (column: 'amount' | 'code', at: number): string =>
  `sum(case when effective_at < ${whole(at)} then ${column} else 0 end)`;
