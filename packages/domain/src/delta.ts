/**
 * What leaves on `arr-deltas`: movements of one customer's ARR and its classifications, each
 * asserted once and retracted when later knowledge proves it wrong.
 */

import type { CustomerId, Instant, MinorUnits, Offset } from './scalars.ts';

export const MOVEMENTS = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const;
export type MovementKind = (typeof MOVEMENTS)[number];

export const DRIVERS = [
  'new_product',
  'cross_sell',
  'upsell',
  'price_increase',
  'downgrade',
  'price_decrease',
  'product_removed',
  'cancellation',
  'return',
] as const;
export type DriverKind = (typeof DRIVERS)[number];

/** A part of a movement that one product explains; the parts add up to the movement. */
export interface Driver {
  readonly driver: DriverKind;
  readonly productId: string;
  /** Signed, reporting currency. */
  readonly amountMinor: MinorUnits;
}

/** One step of a customer's ARR. */
export interface Movement {
  readonly effectiveAt: Instant;
  readonly movement: MovementKind;
  readonly arrBeforeMinor: MinorUnits;
  readonly arrAfterMinor: MinorUnits;
  readonly drivers: readonly Driver[];
}

/** Who a customer is from an instant on, all sources united. */
export interface Classification {
  readonly effectiveAt: Instant;
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The record that made something known. */
export interface Cause {
  readonly eventId: string;
  readonly source: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: Offset;
}

interface Published {
  /** `generation:partition:sequence`. */
  readonly deltaId: string;
  readonly customerId: CustomerId;
  readonly op: 'assert' | 'retract';
  /** The instant at which the cause became known. */
  readonly knownAt: Instant;
  readonly cause: Cause;
  /** The rebuild it belongs to, or null. */
  readonly restatement: string | null;
}

/** One movement, or its retraction (amount and drivers negated, so that a plain sum is right). */
export interface ArrDelta extends Published {
  readonly type: 'arr_delta';
  readonly effectiveAt: Instant;
  readonly movement: MovementKind;
  readonly arrBeforeMinor: MinorUnits;
  readonly arrAfterMinor: MinorUnits;
  readonly amountMinor: MinorUnits;
  readonly drivers: readonly Driver[];
  readonly currency: string;
  readonly customerName: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface CustomerClassified extends Published {
  readonly type: 'customer_classified';
  readonly effectiveAt: Instant;
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export type Delta = ArrDelta | CustomerClassified;
