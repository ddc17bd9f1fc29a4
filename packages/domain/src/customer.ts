/**
 * A customer's projection: what is known of its subscriptions and of itself, in effect order.
 * Plain data; a function of the customer's records and nothing else, but for `announced`, which is
 * kept only of what was still to come at the last record.
 */

import type { CustomerId, Instant, MinorUnits, Offset } from './scalars.ts';

/** The counted part of one product in a subscription. */
export interface Line {
  readonly productId: string;
  readonly arrMinor: MinorUnits;
  readonly quantity: number;
}

/** The record that said something. */
export interface RecordCause {
  readonly eventId: string;
  readonly source: string;
  readonly offset: Offset;
  /** When it became known: the greatest recorded_at of the customer up to that record. */
  readonly knownAt: Instant;
}

/** From `from` on, until the next phase, `value` holds. */
export interface Phase<Value> {
  readonly from: Instant;
  readonly version: number;
  readonly recordedAt: Instant;
  readonly value: Value;
  /** Kept only where everything is kept: an explanation names it. */
  readonly cause: RecordCause | null;
}

/**
 * Phases by `from`, strictly ascending; (version, recordedAt) never falls along it. An event that
 * can't hold at any instant any more is not in it.
 */
export type Chain<Value> = readonly Phase<Value>[];

export interface SubscriptionTimeline {
  readonly source: string;
  readonly subscriptionId: string;
  readonly chain: Chain<readonly Line[]>;
}

/** What one source says of the customer. */
export interface Profile {
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ProfileTimeline {
  readonly source: string;
  readonly chain: Chain<Profile>;
}

/** The last record that made a movement or classification to come what it is. */
export interface Announcement {
  readonly kind: 'movement' | 'classification';
  readonly effectiveAt: Instant;
  readonly cause: RecordCause;
}

/** From `at[i]` on ARR is `arr[i]`, in minor units; before `at[0]` it is 0. Ascending, no repeats. */
export interface Steps {
  readonly at: readonly number[];
  readonly arr: readonly number[];
}

export interface Customer {
  readonly id: CustomerId;
  /** Greatest recorded_at of its records so far. */
  readonly knownAt: Instant;
  /** First instant above 0 if it lies in the part of the past that is no longer kept. */
  readonly firstPaidAt: Instant | null;
  /** By (source, subscriptionId). */
  readonly subscriptions: readonly SubscriptionTimeline[];
  /** What the subscriptions are worth together; derived from them, since everything asks for it. */
  readonly steps: Steps;
  /** By source. */
  readonly profiles: readonly ProfileTimeline[];
  /** What was still to come at the last record, by effectiveAt. */
  readonly announced: readonly Announcement[];
}
