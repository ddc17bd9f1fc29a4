/** How customers leave: at the end of what is paid for, and some change their mind or come back. */

import { DAY_MS, later, nextPeriod } from './calendar.ts';
import { agree, type Contract, settle } from './contract.ts';
import { seatsOf } from './edit.ts';
import { type Happening, writeContract } from './world.ts';

export const isLeaving = ({ agreed }: Contract): boolean =>
  agreed.some(({ amendment }) => amendment.kind === 'status' && amendment.status === 'ended');

export const leave: Happening = (world, customer, contract, now) => {
  const end = nextPeriod(contract.anchor, contract.term, now);
  for (const each of customer.contracts) {
    settle(each, now);
    agree(each, end, { kind: 'status', status: 'ended' });
    each.since = now;
    writeContract(world, customer, each, now);
  }
  world.agenda.plan(end, { kind: 'left', customer, contract });
  if (world.random.chance(0.1)) {
    const regretted = later(now, ((end - now) / DAY_MS) * world.random.within(0.2, 0.8));
    world.agenda.plan(regretted, { kind: 'reconsider', customer, contract });
  }
};

/** The end is called off: a new version that does not repeat it. */
export const reconsider: Happening = (world, customer, _contract, now) => {
  for (const each of customer.contracts) {
    settle(each, now);
    each.agreed = each.agreed.filter(({ amendment }) => amendment.kind !== 'status');
    each.since = now;
    writeContract(world, customer, each, now);
  }
};

/** Share of those that left who come back within a year. */
const RETURNS = 0.08;

/** The end has come, unless it was called off: the source says so once more and forgets them. */
export const left: Happening = (world, customer, contract, now) => {
  for (const each of customer.contracts) settle(each, now);
  if (contract.content.status !== 'ended') return;
  const { random, agenda } = world;
  const seats = seatsOf(contract);
  for (const each of customer.contracts) writeContract(world, customer, each, now);
  customer.contracts = [];
  if (!random.chance(RETURNS)) return;
  const smaller = Math.max(2, Math.round(seats * random.within(0.5, 1)));
  const at = later(now, random.within(30, 300));
  agenda.plan(at, { kind: 'return', customer, seats: smaller });
};

export const trialLost: Happening = (world, customer, contract, now) => {
  const decided = contract.agreed[0]?.at ?? now;
  contract.agreed = [];
  agree(contract, decided, { kind: 'status', status: 'ended' });
  contract.since = now;
  writeContract(world, customer, contract, now);
  customer.contracts = [];
};
