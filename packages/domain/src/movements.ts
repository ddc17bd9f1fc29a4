/** Movements of a customer's ARR: each step is one, with its kind and its drivers. */

import type { Customer, Line } from './customer.ts';
import type { Driver, DriverKind, Movement, MovementKind } from './delta.ts';
import { scaleHalfEven } from './rounding.ts';
import { instant, minorUnits } from './scalars.ts';
import { linesAt } from './steps.ts';

/** First instant at which the customer's ARR was above 0; infinite if never. */
export function firstPaidAt(customer: Customer): number {
  if (customer.firstPaidAt !== null) return customer.firstPaidAt;
  // The first step leaves 0, and ARR is never below it.
  return customer.steps.at[0] ?? Number.POSITIVE_INFINITY;
}

/** The movements with `after` < effectiveAt <= `upTo`, ascending. */
export function movementsBetween(
  customer: Customer,
  after: number,
  upTo: number,
): readonly Movement[] {
  const { at, arr } = customer.steps;
  let end = at.length;
  while (end > 0 && (at[end - 1] as number) > upTo) end -= 1;
  let start = end;
  while (start > 0 && (at[start - 1] as number) > after) start -= 1;
  const found = new Array<Movement>(end - start);
  for (let index = start; index < end; index += 1) {
    const before = index === 0 ? 0 : (arr[index - 1] as number);
    const movement = movementAt(customer, at[index] as number, before, arr[index] as number);
    found[index - start] = movement;
  }
  return found;
}

function movementAt(customer: Customer, at: number, before: number, after: number): Movement {
  const movement = kindOf(before, after, at <= firstPaidAt(customer));
  return {
    effectiveAt: instant(at),
    movement,
    arrBeforeMinor: minorUnits(before),
    arrAfterMinor: minorUnits(after),
    drivers: driversOf(movement, linesAt(customer, at - 1), linesAt(customer, at)),
  };
}

export function kindOf(before: number, after: number, first: boolean): MovementKind {
  if (before === 0) return first ? 'new' : 'reactivation';
  if (after === 0) return 'churn';
  return after > before ? 'expansion' : 'contraction';
}

/** Why ARR moved, product by product, in product order; parts of 0 are left out. */
export function driversOf(
  movement: MovementKind,
  before: readonly Line[],
  after: readonly Line[],
): readonly Driver[] {
  switch (movement) {
    case 'new':
      return whole('new_product', after, 1);
    case 'reactivation':
      return whole('return', after, 1);
    case 'churn':
      return whole('cancellation', before, -1);
    case 'expansion':
    case 'contraction':
      return compare(before, after);
  }
}

function addPart(to: Driver[], driver: DriverKind, productId: string, amount: number): void {
  if (amount !== 0) to.push({ driver, productId, amountMinor: minorUnits(amount) });
}

function whole(driver: DriverKind, lines: readonly Line[], sign: 1 | -1): readonly Driver[] {
  const found: Driver[] = [];
  for (const { productId, arrMinor } of lines) addPart(found, driver, productId, sign * arrMinor);
  return found;
}

/** Both lists ascend by product. */
function compare(before: readonly Line[], after: readonly Line[]): readonly Driver[] {
  const found: Driver[] = [];
  let b = 0;
  let a = 0;
  while (b < before.length || a < after.length) {
    const old = before[b];
    const now = after[a];
    if (old === undefined || (now !== undefined && now.productId < old.productId)) {
      const { productId, arrMinor } = now as Line;
      addPart(found, 'cross_sell', productId, arrMinor);
      a += 1;
    } else if (now === undefined || old.productId < now.productId) {
      addPart(found, 'product_removed', old.productId, -old.arrMinor);
      b += 1;
    } else {
      addHeld(found, old, now);
      b += 1;
      a += 1;
    }
  }
  return found;
}

/** A product held on both sides: first what its quantity makes, then what its price makes. */
function addHeld(to: Driver[], old: Line, now: Line): void {
  const byQuantity = scaleHalfEven(old.arrMinor, now.quantity - old.quantity, old.quantity);
  const byPrice = now.arrMinor - old.arrMinor - byQuantity;
  addPart(to, byQuantity > 0 ? 'upsell' : 'downgrade', now.productId, byQuantity);
  addPart(to, byPrice > 0 ? 'price_increase' : 'price_decrease', now.productId, byPrice);
}

/** Two movements at one instant are the same if nothing about them differs. */
export function sameMovement(a: Movement, b: Movement): boolean {
  return (
    a.effectiveAt === b.effectiveAt &&
    a.movement === b.movement &&
    a.arrBeforeMinor === b.arrBeforeMinor &&
    a.arrAfterMinor === b.arrAfterMinor &&
    a.drivers.length === b.drivers.length &&
    a.drivers.every((driver, index) => {
      const other = b.drivers[index] as Driver;
      return (
        driver.driver === other.driver &&
        driver.productId === other.productId &&
        driver.amountMinor === other.amountMinor
      );
    })
  );
}
