/** How customers come: those the company starts with, new ones, and some that return. */

import type { Instant } from '@holdfast/domain/scalars.ts';
import { dayOf, later, nextPeriod, startOfDay, YEAR_DAYS } from './calendar.ts';
import { agree, type Contract } from './contract.ts';
import { firmName } from './names.ts';
import { newContract, termOf } from './new-contract.ts';
import { planOccasion } from './occasions.ts';
import { planReview } from './renewal.ts';
import { BEHAVIOUR, FIRST_SHARES, REGION_SHARES, type Segment, SIGNUP_SHARES } from './segments.ts';
import {
  newCustomerId,
  type SimulatedCustomer,
  type World,
  writeContract,
  writeCustomer,
} from './world.ts';

const newCustomer = (
  world: World,
  shares: Readonly<Record<Segment, number>>,
): SimulatedCustomer => {
  const { random } = world;
  const segment = random.weighted(shares);
  return {
    customerId: newCustomerId(world),
    name: firmName(random),
    region: random.weighted(REGION_SHARES),
    segment,
    owner: random.chance(0.03) ? null : random.pick(BEHAVIOUR[segment].owners),
    crmVersion: 0,
    contracts: [],
  };
};

const begin = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  now: Instant,
): void => {
  customer.contracts = [contract];
  writeContract(world, customer, contract, now);
  planReview(world, customer, contract, now);
  planOccasion(world, customer, contract, now);
};

const sizeOf = (world: World, segment: Segment): number => {
  const { medianSeats, spread } = BEHAVIOUR[segment];
  return Math.max(2, Math.round(world.random.around(medianSeats, spread)));
};

/** A customer that was there before the company's billing is looked at: in the midst of its term. */
export const importCustomer = (world: World, now: Instant): void => {
  const customer = newCustomer(world, FIRST_SHARES);
  const term = termOf(world, customer.segment);
  const anchor = dayOf(now) - world.random.between(0, Math.floor((term / 12) * YEAR_DAYS));
  const seats = sizeOf(world, customer.segment);
  writeCustomer(world, customer, now);
  begin(world, customer, newContract(world, customer, now, seats, term, anchor), now);
};

const TRIAL_DAYS = 14;
/** Share of trials that turn into customers. */
const CONVERTED = 0.65;

/** A new customer: at once, on trial, or with a discount that runs out. */
export const signUp = (world: World, now: Instant): void => {
  const { random } = world;
  const customer = newCustomer(world, SIGNUP_SHARES);
  const term = termOf(world, customer.segment);
  const seats = sizeOf(world, customer.segment);
  writeCustomer(world, customer, now);
  if (random.chance(BEHAVIOUR[customer.segment].trials)) {
    const decided = startOfDay(dayOf(now) + TRIAL_DAYS);
    const contract = newContract(world, customer, now, seats, term, dayOf(decided));
    contract.content = { ...contract.content, status: 'trialing' };
    agree(contract, decided, { kind: 'status', status: 'active' });
    begin(world, customer, contract, now);
    if (!random.chance(CONVERTED)) {
      const told = later(decided, -random.within(0.1, 5));
      world.agenda.plan(told, { kind: 'trial_lost', customer, contract });
    }
    return;
  }
  const contract = newContract(world, customer, now, seats, term, dayOf(now));
  if (random.chance(0.12)) {
    contract.content = { ...contract.content, discount: 20 };
    const months = term >= 12 ? 12 : random.pick([3, 6]);
    agree(contract, nextPeriod(contract.anchor, months, now), { kind: 'full_price' });
  }
  begin(world, customer, contract, now);
};

/** A customer comes back, smaller, with a subscription of its own. */
export const comeBack = (
  world: World,
  customer: SimulatedCustomer,
  seats: number,
  now: Instant,
): void => {
  const term = termOf(world, customer.segment);
  begin(world, customer, newContract(world, customer, now, seats, term, dayOf(now)), now);
};

export const planSignup = (world: World, now: Instant): void => {
  world.agenda.plan(later(now, world.random.wait(world.signups)), { kind: 'signup' });
};
