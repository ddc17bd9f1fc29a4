/**
 * What happens once a term: prices go up, and customers that have outgrown their segment move to
 * the next. Long terms are told weeks ahead, as a phase that is agreed for the renewal.
 */

import type { Instant } from '@holdfast/domain/scalars.ts';
import { later, nextPeriod } from './calendar.ts';
import { agree, type Contract, settle } from './contract.ts';
import { change } from './edit.ts';
import { BEHAVIOUR, type Segment } from './segments.ts';
import {
  type Happening,
  type SimulatedCustomer,
  type World,
  writeContract,
  writeCustomer,
} from './world.ts';

/** Short terms are looked at once a year. */
const reviewMonths = ({ term }: Contract): number => Math.max(12, term);

const toldAhead = ({ term }: Contract): boolean => term >= 12;

export const planReview = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  now: Instant,
): void => {
  let renewal = nextPeriod(contract.anchor, reviewMonths(contract), now);
  let at = renewal;
  if (toldAhead(contract)) {
    const notice = world.random.within(20, 50);
    at = later(renewal, -notice);
    if (at <= now) {
      renewal = nextPeriod(contract.anchor, reviewMonths(contract), renewal);
      at = later(renewal, -notice);
    }
  }
  world.agenda.plan(at, { kind: 'review', customer, contract });
};

/** Seats from which a customer belongs to the next segment. */
const OUTGROWN: Readonly<Partial<Record<Segment, readonly [seats: number, next: Segment]>>> = {
  smb: [60, 'mid-market'],
  'mid-market': [220, 'enterprise'],
};

const reclassify = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  now: Instant,
): void => {
  const [least, next] = OUTGROWN[customer.segment] ?? [];
  const seats = contract.content.lines[0]?.seats ?? 0;
  if (least === undefined || next === undefined || seats < least) return;
  customer.segment = next;
  customer.owner = world.random.pick(BEHAVIOUR[next].owners);
  writeCustomer(world, customer, now);
};

export const review: Happening = (world, customer, contract, now) => {
  settle(contract, now);
  reclassify(world, customer, contract, now);
  const percent = world.random.within(...BEHAVIOUR[customer.segment].priceIncrease);
  const amendment = { kind: 'price', percent } as const;
  if (!toldAhead(contract)) {
    change(world, customer, contract, now, amendment);
  } else {
    agree(contract, nextPeriod(contract.anchor, reviewMonths(contract), now), amendment);
    contract.since = now;
    writeContract(world, customer, contract, now);
  }
  planReview(world, customer, contract, now);
};
