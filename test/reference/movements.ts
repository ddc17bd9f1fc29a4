/**
 * Every step of a customer's ARR as a movement, with its kind and drivers, and the ledger: the
 * movements in force when time has come to an instant.
 */

import type { Driver, DriverKind, Movement, MovementKind } from '@holdfast/domain/delta.ts';
import { instant, minorUnits } from '@holdfast/domain/scalars.ts';
import { arrAt, type Customer, holdingsAt, wasAboveZeroBefore } from './customer.ts';
import { fraction, minor, roundHalfEven } from './fraction.ts';
import type { Holdings } from './holdings.ts';

const kindOf = (before: bigint, after: bigint, wasAboveZero: boolean): MovementKind => {
  if (before === 0n) return wasAboveZero ? 'reactivation' : 'new';
  if (after === 0n) return 'churn';
  return after > before ? 'expansion' : 'contraction';
};

const driver = (kind: DriverKind, productId: string, amount: bigint): Driver => ({
  driver: kind,
  productId,
  amountMinor: minorUnits(minor(amount)),
});

/** Why one product's ARR differs; a movement of the whole customer has one driver for all. */
const driversOfProduct = (
  kind: MovementKind,
  productId: string,
  before: Holdings,
  after: Holdings,
): Driver[] => {
  const [old, now] = [before.get(productId), after.get(productId)];
  const change = (now?.arr ?? 0n) - (old?.arr ?? 0n);
  if (kind === 'new') return [driver('new_product', productId, change)];
  if (kind === 'reactivation') return [driver('return', productId, change)];
  if (kind === 'churn') return [driver('cancellation', productId, change)];
  if (old === undefined) return [driver('cross_sell', productId, change)];
  if (now === undefined) return [driver('product_removed', productId, change)];
  const byQuantity = roundHalfEven(fraction(old.arr * (now.quantity - old.quantity), old.quantity));
  const byPrice = change - byQuantity;
  return [
    driver(byQuantity > 0n ? 'upsell' : 'downgrade', productId, byQuantity),
    driver(byPrice > 0n ? 'price_increase' : 'price_decrease', productId, byPrice),
  ];
};

/** By product id, the part of quantity before the part of price; parts of 0 are left out. */
const driversOf = (kind: MovementKind, before: Holdings, after: Holdings): Driver[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .flatMap((productId) => driversOfProduct(kind, productId, before, after))
    .filter(({ amountMinor }) => amountMinor !== 0);

/** All movements that the records imply, the future ones too, ascending. */
export const movementsOf = (customer: Customer): Movement[] =>
  customer.instants.flatMap((at) => {
    const [before, after] = [arrAt(customer, at - 1), arrAt(customer, at)];
    if (before === after) return [];
    const kind = kindOf(before, after, wasAboveZeroBefore(customer, at));
    return [
      {
        effectiveAt: instant(at),
        movement: kind,
        arrBeforeMinor: minorUnits(minor(before)),
        arrAfterMinor: minorUnits(minor(after)),
        drivers: driversOf(kind, holdingsAt(customer, at - 1), holdingsAt(customer, at)),
      },
    ];
  });

/** What assert minus retract leaves when time has come to `asOf`: nothing of the future. */
export const ledgerOf = (customer: Customer, asOf: number): Movement[] =>
  movementsOf(customer).filter(({ effectiveAt }) => effectiveAt <= asOf);

export const movementAmount = (movement: Movement): number =>
  movement.arrAfterMinor - movement.arrBeforeMinor;

/** A movement is its instant, amounts, kind and drivers; equal text means the same movement. */
export const movementIdentity = (movement: Movement): string =>
  JSON.stringify([
    movement.effectiveAt,
    movement.movement,
    movement.arrBeforeMinor,
    movement.arrAfterMinor,
    movement.drivers.map((part) => [part.driver, part.productId, part.amountMinor]),
  ]);
