/**
 * What a reader of `arr-deltas` knows of a customer: classifications asserted minus retracted, the
 * first one also holding before its effective_at.
 */

import type { CustomerClassified, Delta } from '@holdfast/domain/delta.ts';
import { UNKNOWN_MEMBER } from '@holdfast/domain/profile.ts';

export interface Classifications {
  readonly take: (said: readonly Delta[]) => void;
  readonly nameOf: (customerId: string, t: number) => string | null;
  readonly memberOf: (customerId: string, dimension: string, t: number) => string;
  /** All in force, by customer and effective_at. */
  readonly inForce: () => readonly CustomerClassified[];
}

export function classifications(): Classifications {
  const byCustomer = new Map<string, readonly CustomerClassified[]>();

  const take = (delta: Delta): void => {
    if (delta.type !== 'customer_classified') return;
    const { customerId, effectiveAt } = delta;
    const known = byCustomer.get(customerId) ?? [];
    const others = known.filter((one) => one.effectiveAt !== effectiveAt);
    const found = others.length < known.length;
    if (found === (delta.op === 'assert')) {
      throw new Error(`${delta.op} of ${customerId} at ${effectiveAt}, in force: ${found}`);
    }
    const now = delta.op === 'assert' ? [...others, delta] : others;
    byCustomer.set(
      customerId,
      now.toSorted((a, b) => a.effectiveAt - b.effectiveAt),
    );
  };

  const holderAt = (customerId: string, t: number): CustomerClassified | undefined => {
    const known = byCustomer.get(customerId) ?? [];
    return known.findLast((one) => one.effectiveAt <= t) ?? known[0];
  };

  return {
    take: (said) => {
      for (const delta of said) take(delta);
    },
    inForce: () =>
      [...byCustomer].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, classified]) => classified),
    nameOf: (customerId, t) => holderAt(customerId, t)?.name ?? null,
    memberOf: (customerId, dimension, t) => {
      const attributes = new Map(Object.entries(holderAt(customerId, t)?.attributes ?? {}));
      return attributes.get(dimension) || UNKNOWN_MEMBER;
    },
  };
}
