/** Who moved the figure most. */

import type { Driver, ShareRow } from './answers.ts';

export interface Mover {
  readonly customerId: string;
  readonly name: string;
  readonly opening: number;
  readonly closing: number;
  /** closing - opening */
  readonly change: number;
  /** Of the figure's opening: what it adds to NRR. */
  readonly share: number | null;
  /** The driver that explains most of it; null where none is known. */
  readonly why: string | null;
}

export const moverOf = (row: ShareRow, opening: number): Mover => ({
  customerId: row.customer_id,
  name: row.name ?? row.customer_id,
  opening: row.opening_arr_minor,
  closing: row.closing_arr_minor,
  change: row.closing_arr_minor - row.opening_arr_minor,
  share: opening === 0 ? null : (row.closing_arr_minor - row.opening_arr_minor) / opening,
  why: mainDriver(row.drivers, row.closing_arr_minor - row.opening_arr_minor),
});

/** The greatest driver that points the same way as the change. */
function mainDriver(drivers: readonly Driver[], change: number): string | null {
  const sums = sumDrivers(drivers).filter(({ amount_minor }) => amount_minor * change > 0);
  return sums[0]?.driver ?? null;
}

/** By kind, the greatest first, gain or loss. */
export function sumDrivers(drivers: readonly Driver[]): readonly Driver[] {
  const sums = new Map<string, number>();
  for (const { driver, amount_minor } of drivers) {
    sums.set(driver, (sums.get(driver) ?? 0) + amount_minor);
  }
  return [...sums]
    .map(([driver, amount_minor]) => ({ driver, amount_minor }))
    .filter(({ amount_minor }) => amount_minor !== 0)
    .sort((a, b) => Math.abs(b.amount_minor) - Math.abs(a.amount_minor));
}

/** The greatest by absolute change, gain or loss. */
export const greatest = (movers: readonly Mover[], most: number): readonly Mover[] =>
  [...movers].sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, most);
