/**
 * The load of benchmarks: very many changes of customers with one subscription each, made as fast
 * as can be, with an exact share that moves ARR. For believable lives see company.ts.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { SubscriptionChanged } from '@holdfast/domain/records.ts';
import { customerId, type Instant, instant } from '@holdfast/domain/scalars.ts';
import { seeded } from './random.ts';

export interface WorkloadOptions {
  readonly seed: number;
  readonly customers: number;
  /** Records in all; at least as many of them must move ARR as there are customers. */
  readonly events: number;
  /** recorded_at goes evenly from here... */
  readonly from: Instant;
  /** ... to just before here. */
  readonly until: Instant;
  /** So many of the customers are there before the first record, changed so many times at most. */
  readonly known?: { readonly customers: number; readonly changes: number };
  /** Share of records that move ARR; the others state what was known again, as a renewal does. */
  readonly moving?: number;
}

export const DEFAULT_MOVING = 0.86;

const UNIT_CENTS = 1500;
const MOST_SEATS = 500;

/**
 * Records by recorded_at. Customers come in evenly among the moving records; of the other moving
 * ones each sets a random customer to other seats. Effective when recorded.
 */
export function* workload(options: WorkloadOptions): Generator<SubscriptionChanged, void, void> {
  const { seed, customers, events, from, until, moving = DEFAULT_MOVING } = options;
  const known = options.known?.customers ?? 0;
  const moves = Math.ceil(events * moving);
  if (moves < customers - known || moving > 1) {
    throw new HoldfastError('usage', `${moves} moving records for ${customers - known} customers`);
  }
  const random = seeded(seed);
  const seats = new Uint16Array(customers);
  const versions = new Uint32Array(customers).fill(options.known?.changes ?? 0, 0, known);
  let present = known;
  let moved = 0;
  for (let index = 0; index < events; index += 1) {
    // The first record moves, so there is always a customer to state again.
    const isMove = Math.ceil((index + 1) * moving) > moved && moved < moves;
    const isNew = isMove && random.fraction() * (moves - moved) < customers - present;
    const customer = isNew ? present : random.between(0, present - 1);
    if (isNew) present += 1;
    if (isMove) {
      moved += 1;
      const before = seats[customer] ?? 0;
      const other = random.between(1, MOST_SEATS - 1);
      seats[customer] = other < before ? other : other + 1;
    }
    versions[customer] = (versions[customer] ?? 0) + 1;
    const at = instant(from + Math.floor(((until - from) * index) / events));
    yield change(customer, index, versions[customer] ?? 0, seats[customer] ?? 0, at);
  }
}

const change = (
  customer: number,
  index: number,
  version: number,
  quantity: number,
  at: Instant,
): SubscriptionChanged => ({
  type: 'subscription_changed',
  eventId: `evt_${index}`,
  source: 'billing',
  customerId: customerId(`cus_${customer}`),
  subscriptionId: `sub_${customer}`,
  version,
  recordedAt: at,
  effectiveAt: at,
  status: 'active',
  items: [
    {
      productId: 'platform',
      quantity,
      amountMinor: quantity * UNIT_CENTS,
      currency: 'USD',
      interval: 'month',
      intervalCount: 1,
      billing: 'recurring',
    },
  ],
  scheduled: [],
});
