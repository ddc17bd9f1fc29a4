/**
 * What arrives on `subscription-changes`: always the whole state of one thing from an instant on,
 * never a difference, so that a record may come twice, late or out of order.
 * Source of the fields: the Avro files under `schemas/`.
 */

import type { CustomerId, Instant } from './scalars.ts';

export const SUBSCRIPTION_STATUSES = ['trialing', 'active', 'past_due', 'paused', 'ended'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

export const INTERVALS = ['day', 'week', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];

export const BILLINGS = ['recurring', 'usage', 'one_time'] as const;
export type Billing = (typeof BILLINGS)[number];

/** One line of a subscription: what is charged per interval, net of discount, without tax. */
export interface Item {
  readonly productId: string;
  readonly quantity: number;
  /** Minor units of `currency` per interval, all quantity together. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly interval: Interval;
  readonly intervalCount: number;
  readonly billing: Billing;
}

/** What a subscription is from `effectiveAt` on. */
export interface SubscriptionPhase {
  readonly effectiveAt: Instant;
  readonly status: SubscriptionStatus;
  readonly items: readonly Item[];
}

export interface SubscriptionChanged extends SubscriptionPhase {
  readonly type: 'subscription_changed';
  readonly eventId: string;
  readonly source: string;
  readonly customerId: CustomerId;
  readonly subscriptionId: string;
  /** Rises with every change of this subscription at its source. */
  readonly version: number;
  readonly recordedAt: Instant;
  /** Later phases already agreed, strictly ascending, all after `effectiveAt`. */
  readonly scheduled: readonly SubscriptionPhase[];
}

export interface CustomerChanged {
  readonly type: 'customer_changed';
  readonly eventId: string;
  readonly source: string;
  readonly customerId: CustomerId;
  readonly version: number;
  readonly recordedAt: Instant;
  readonly effectiveAt: Instant;
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export type ChangeRecord = SubscriptionChanged | CustomerChanged;
