/** Rows of a list that must not move while somebody reads it: new ones wait until they are let in. */

export interface HeldRows<Row> {
  readonly shown: readonly Row[];
  /** How many of the newest are not shown yet. */
  readonly waiting: number;
}

/** `held`: what was shown when reading began; null: nobody reads. */
export function heldRows<Row>(
  newest: readonly Row[],
  held: readonly Row[] | null,
  idOf: (row: Row) => string,
): HeldRows<Row> {
  if (held === null) return { shown: newest, waiting: 0 };
  const known = new Set(held.map(idOf));
  return { shown: held, waiting: newest.filter((row) => !known.has(idOf(row))).length };
}
