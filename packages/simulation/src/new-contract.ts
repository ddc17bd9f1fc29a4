/** What a customer signs: products, seats, price and term. */

import type { Instant } from '@holdfast/domain/scalars.ts';
import type { TermMonths } from './calendar.ts';
import type { Contract, Line } from './contract.ts';
import {
  BEHAVIOUR,
  PRICE_LISTS,
  type Region,
  type Segment,
  type SimulatedCurrency,
} from './segments.ts';
import { newContractId, type SimulatedCustomer, type World } from './world.ts';

/** Where a region's list is not sold in, its customers pay in US dollars. */
const priceList = (
  region: Region,
  currencies: readonly SimulatedCurrency[],
): { readonly currency: SimulatedCurrency; readonly perCent: number } => {
  const list = PRICE_LISTS[region];
  return currencies.includes(list.currency) ? list : PRICE_LISTS.americas;
};

/** A longer promise costs less. */
const TERM_DISCOUNT: Readonly<Record<TermMonths, number>> = { 1: 1, 3: 0.97, 12: 0.9, 36: 0.85 };

export const termOf = (world: World, segment: Segment): TermMonths =>
  Number(world.random.weighted(BEHAVIOUR[segment].terms)) as TermMonths;

const linesOf = (
  world: World,
  segment: Segment,
  perCent: number,
  term: TermMonths,
  seats: number,
): readonly Line[] => {
  const { random } = world;
  const price = BEHAVIOUR[segment].unitCents * perCent * TERM_DISCOUNT[term];
  const unitMinor = Math.round(price * random.within(0.9, 1.1));
  const platform: Line = { productId: 'platform', seats, unitMinor, billing: 'recurring' };
  const metered = random.chance(0.1);
  const guided = segment === 'enterprise';
  return [
    platform,
    ...(metered
      ? [{ productId: 'api_calls', seats: 1, unitMinor: unitMinor * 3, billing: 'usage' } as const]
      : []),
    ...(guided
      ? [
          {
            productId: 'onboarding',
            seats: 1,
            unitMinor: unitMinor * 100,
            billing: 'one_time',
          } as const,
        ]
      : []),
  ];
};

export const newContract = (
  world: World,
  customer: SimulatedCustomer,
  now: Instant,
  seats: number,
  term: TermMonths,
  anchor: number,
): Contract => {
  const { currency, perCent } = priceList(customer.region, world.currencies);
  const lines = linesOf(world, customer.segment, perCent, term, seats);
  return {
    subscriptionId: newContractId(world),
    term,
    anchor,
    currency,
    version: 0,
    content: { status: 'active', lines, discount: 0 },
    since: now,
    agreed: [],
  };
};
