/** How customers grow: more seats, and more products. Some of it is typed in late or wrong. */

import type { Instant } from '@holdfast/domain/scalars.ts';
import { dayOf, later } from './calendar.ts';
import { type Contract, settle } from './contract.ts';
import { change, OVERTAKEN, seatsOf } from './edit.ts';
import { ADD_ONS, BEHAVIOUR } from './segments.ts';
import {
  type Happening,
  newContractId,
  type SimulatedCustomer,
  type World,
  writeContract,
} from './world.ts';

/** Shares of upsells entered days late, and of those with wrong seats that are corrected later. */
const BACKDATED = 0.04;
const MISTYPED = 0.03;

export const upsell: Happening = (world, customer, contract, now) => {
  const { random } = world;
  const by = random.within(...BEHAVIOUR[customer.segment].upsellBy);
  const seats = Math.ceil(seatsOf(contract) * (1 + by / 100));
  if (random.chance(MISTYPED)) {
    const wrong = seats + Math.max(1, Math.round(seats * random.within(0.05, 0.2)));
    change(world, customer, contract, now, { kind: 'seats', seats: wrong }, { late: OVERTAKEN });
    const { version } = contract;
    const found = later(now, random.within(0.5, 4));
    world.agenda.plan(found, { kind: 'correct', customer, contract, seats, version });
    return;
  }
  const earlier = random.chance(BACKDATED) ? later(now, -random.within(1, 10)) : now;
  const since = earlier > contract.since ? earlier : now;
  change(world, customer, contract, now, { kind: 'seats', seats }, { since });
};

/** Nothing else happened since: the right seats, from the same instant on. */
export const correct = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  { seats, version }: { readonly seats: number; readonly version: number },
  now: Instant,
): void => {
  const { since } = contract;
  settle(contract, now);
  if (contract.version !== version || contract.since !== since) return;
  change(world, customer, contract, now, { kind: 'seats', seats }, { since });
};

export const crossSell: Happening = (world, customer, contract, now) => {
  const { random } = world;
  const held = customer.contracts.flatMap(({ content }) =>
    content.lines.map((line) => line.productId),
  );
  const offered = Object.keys(ADD_ONS).filter((product) => !held.includes(product));
  const [platform] = contract.content.lines;
  if (offered.length === 0 || platform === undefined) return;
  const productId = random.pick(offered);
  const unitMinor = Math.round(platform.unitMinor * (ADD_ONS[productId] ?? 0));
  const line = { productId, seats: platform.seats, unitMinor, billing: 'recurring' } as const;
  if (random.chance(0.7)) {
    change(world, customer, contract, now, { kind: 'add', line });
    return;
  }
  const own: Contract = {
    ...contract,
    subscriptionId: newContractId(world),
    anchor: dayOf(now),
    version: 0,
    content: { status: 'active', lines: [line], discount: 0 },
    since: now,
    agreed: [],
  };
  customer.contracts = [...customer.contracts, own];
  writeContract(world, customer, own, now);
};
