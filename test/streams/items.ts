/** Items, statuses and phases of subscriptions: as plain data to shrink, then as domain values. */

import {
  BILLINGS,
  INTERVALS,
  type Item,
  SUBSCRIPTION_STATUSES,
  type SubscriptionPhase,
  type SubscriptionStatus,
} from '@holdfast/domain/records.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import * as fc from 'fast-check';
import { itemArr } from '../reference/annualise.ts';
import { futureArbitrary, type Moment, resolveMoment, type Timeline } from './moments.ts';
import type { World } from './policies.ts';

/** Above it an item is dead-lettered. */
const GREATEST_ITEM_ARR = 10n ** 13n;

/** Amounts that meet: 1,200 a year is 100 a month; 5, 15, 25 make halves. */
const amountArbitrary = fc.oneof(
  { arbitrary: fc.constantFrom(100, 200, 1_200, 2_400, 0, 5, 15, 25, 36_500), weight: 4 },
  { arbitrary: fc.nat(20_000), weight: 2 },
  { arbitrary: fc.constantFrom(10 ** 12, 10 ** 12 - 1, 10 ** 11), weight: 1 },
);

const itemSpec = fc.record({
  product: fc.nat(2),
  quantity: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 })),
  amountMinor: amountArbitrary,
  currency: fc.nat(4),
  interval: fc.oneof(
    { arbitrary: fc.constant('month' as const), weight: 3 },
    { arbitrary: fc.constantFrom(...INTERVALS), weight: 2 },
  ),
  intervalCount: fc.oneof(
    { arbitrary: fc.constant(1), weight: 4 },
    { arbitrary: fc.constantFrom(2, 3, 6, 7, 12, 36), weight: 1 },
  ),
  billing: fc.oneof(
    { arbitrary: fc.constant('recurring' as const), weight: 6 },
    { arbitrary: fc.constantFrom(...BILLINGS), weight: 1 },
  ),
});

export const statusArbitrary: fc.Arbitrary<SubscriptionStatus> = fc.oneof(
  { arbitrary: fc.constant('active' as const), weight: 5 },
  { arbitrary: fc.constantFrom(...SUBSCRIPTION_STATUSES), weight: 4 },
);

export const contentArbitrary = fc.record({
  status: statusArbitrary,
  items: fc.oneof(
    { arbitrary: fc.array(itemSpec, { minLength: 1, maxLength: 1 }), weight: 3 },
    { arbitrary: fc.array(itemSpec, { maxLength: 4 }), weight: 2 },
  ),
});

type Content = typeof contentArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

export const scheduleArbitrary = fc.oneof(
  { arbitrary: fc.constant([]), weight: 3 },
  {
    arbitrary: fc.array(fc.record({ at: futureArbitrary, content: contentArbitrary }), {
      minLength: 1,
      maxLength: 3,
    }),
    weight: 2,
  },
);

/** Indices become names of the world; an item that would be too large is made small. */
export const itemsOf = (content: Content, { names, currencies, policy }: World): Item[] =>
  content.items.map(({ product, currency, ...rest }) => {
    const item: Item = {
      ...rest,
      productId: names.products[product]!,
      currency: currencies[currency % currencies.length]!,
    };
    return itemArr(item, policy) > GREATEST_ITEM_ARR ? { ...item, amountMinor: 7 } : item;
  });

/** Phases strictly ascending and all after `effectiveAt`, whatever was drawn. */
export const phasesOf = (
  drawn: readonly { readonly at: Moment; readonly content: Content }[],
  effectiveAt: number,
  timeline: Timeline,
  world: World,
): SubscriptionPhase[] => {
  const phases: SubscriptionPhase[] = [];
  const placed = drawn
    .map(({ at, content }) => ({ at: resolveMoment(at, timeline), content }))
    .sort((a, b) => a.at - b.at);
  for (const { at, content } of placed) {
    if (at <= (phases[phases.length - 1]?.effectiveAt ?? effectiveAt)) continue;
    const items = itemsOf(content, world);
    phases.push({ effectiveAt: instant(at), status: content.status, items });
  }
  return phases;
};
