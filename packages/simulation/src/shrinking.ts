/** How customers shrink: fewer seats or products from the next period on, or a pause at once. */

import { later } from './calendar.ts';
import { agree } from './contract.ts';
import { change, changeAtPeriodEnd, seatsOf } from './edit.ts';
import { ADD_ONS, BEHAVIOUR } from './segments.ts';
import type { Happening } from './world.ts';

export const downgrade: Happening = (world, customer, contract, now) => {
  const by = world.random.within(...BEHAVIOUR[customer.segment].downgradeBy);
  const seats = Math.max(2, Math.floor(seatsOf(contract) * (1 - by / 100)));
  if (seats >= seatsOf(contract)) return;
  changeAtPeriodEnd(world, customer, contract, now, { kind: 'seats', seats });
};

export const productRemoved: Happening = (world, customer, contract, now) => {
  const added = contract.content.lines.find(({ productId }) => productId in ADD_ONS);
  if (added === undefined) return;
  const { productId } = added;
  changeAtPeriodEnd(world, customer, contract, now, { kind: 'remove', productId });
};

export const pause: Happening = (world, customer, contract, now) => {
  const back = later(now, world.random.within(25, 60));
  agree(contract, back, { kind: 'status', status: 'active' });
  change(world, customer, contract, now, { kind: 'status', status: 'paused' });
};
