/** Simple good records, for tests that need some; and names of customers by partition. */

import type { CustomerChanged, Item, SubscriptionChanged } from '@holdfast/domain/records.ts';
import { customerId, instant } from '@holdfast/domain/scalars.ts';
import { partitionFor } from '@holdfast/kafka/partitioner.ts';

export const item: Item = {
  productId: 'core',
  quantity: 1,
  amountMinor: 10_000,
  currency: 'USD',
  interval: 'month',
  intervalCount: 1,
  billing: 'recurring',
};

/** One subscription of one item by the month, recorded when it takes effect. */
export const subscription = (
  customer: string,
  at: number,
  amountMinor: number,
  other: Partial<SubscriptionChanged> = {},
): SubscriptionChanged => ({
  type: 'subscription_changed',
  eventId: `${customer} ${at}`,
  source: 'billing',
  customerId: customerId(customer),
  subscriptionId: `subscription of ${customer}`,
  version: at,
  recordedAt: instant(at),
  effectiveAt: instant(at),
  status: 'active',
  items: [{ ...item, amountMinor }],
  scheduled: [],
  ...other,
});

/** Who the customer is, recorded when it takes effect. */
export const customerChanged = (
  customer: string,
  at: number,
  attributes: CustomerChanged['attributes'],
): CustomerChanged => ({
  type: 'customer_changed',
  eventId: `${customer} is ${at}`,
  source: 'crm',
  customerId: customerId(customer),
  version: at,
  recordedAt: instant(at),
  effectiveAt: instant(at),
  name: null,
  attributes,
});

/** A customer whose records belong to the partition; another one for another name. */
export const customerIn = (partition: number, partitions: number, name: string): string => {
  for (let attempt = 0; ; attempt += 1) {
    const id = `${name}-${attempt}`;
    if (partitionFor(Buffer.from(id), partitions) === partition) return id;
  }
};
