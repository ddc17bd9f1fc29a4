/** What happens when a bill is not paid. */

import { later } from './calendar.ts';
import { settle } from './contract.ts';
import { change, OVERTAKEN } from './edit.ts';
import type { Happening } from './world.ts';

export const paymentFailed: Happening = (world, customer, contract, now) => {
  const late = OVERTAKEN;
  change(world, customer, contract, now, { kind: 'status', status: 'past_due' }, { late });
  const decided = later(now, world.random.within(1, 20));
  world.agenda.plan(decided, { kind: 'paid_or_not', customer, contract });
};

/** Most pay at last; the others are cut off. */
export const paidOrNot: Happening = (world, customer, contract, now) => {
  settle(contract, now);
  if (contract.content.status !== 'past_due') return;
  if (world.random.chance(0.88)) {
    change(world, customer, contract, now, { kind: 'status', status: 'active' });
    return;
  }
  for (const each of customer.contracts) {
    each.agreed = [];
    change(world, customer, each, now, { kind: 'status', status: 'ended' });
  }
  customer.contracts = [];
};
