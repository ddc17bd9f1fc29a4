/**
 * What happens to customers by itself, at random. How often stands in segments.ts, what it is in
 * growing.ts, shrinking.ts, leaving.ts and paying.ts.
 */

import type { Instant } from '@holdfast/domain/scalars.ts';
import { later, YEAR_DAYS } from './calendar.ts';
import { type Contract, settle } from './contract.ts';
import { crossSell, upsell } from './growing.ts';
import { isLeaving, leave } from './leaving.ts';
import { paymentFailed } from './paying.ts';
import { BEHAVIOUR, type Occasion } from './segments.ts';
import { downgrade, pause, productRemoved } from './shrinking.ts';
import { type Happening, type SimulatedCustomer, type World, writeCustomer } from './world.ts';

const reassigned: Happening = (world, customer, _contract, now) => {
  customer.owner = world.random.pick(BEHAVIOUR[customer.segment].owners);
  writeCustomer(world, customer, now);
};

const HAPPENINGS: Readonly<Record<Occasion, Happening>> = {
  upsell,
  cross_sell: crossSell,
  downgrade,
  product_removed: productRemoved,
  leave,
  pause,
  payment_failed: paymentFailed,
  reassigned,
};

export const planOccasion = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  now: Instant,
): void => {
  const { occasions } = BEHAVIOUR[customer.segment];
  const rate = Object.values(occasions).reduce((sum, times) => sum + times, 0);
  const at = later(now, world.random.wait(rate) * YEAR_DAYS);
  world.agenda.plan(at, { kind: 'occasion', customer, contract });
};

/** One thing happens, unless the customer is on trial, in arrears, paused or on its way out. */
export const occasion: Happening = (world, customer, contract, now) => {
  settle(contract, now);
  if (contract.content.status === 'active' && !isLeaving(contract)) {
    const { occasions } = BEHAVIOUR[customer.segment];
    HAPPENINGS[world.random.weighted(occasions)](world, customer, contract, now);
  }
  if (customer.contracts.length > 0) planOccasion(world, customer, contract, now);
};
