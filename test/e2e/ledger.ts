/**
 * Accounts over what was read back from `arr-deltas`, made as a stranger would make them: from the
 * contract alone.
 */

import type { ArrDelta, CustomerClassified, Delta } from '@holdfast/domain/delta.ts';
import type { PublishedDelta } from './outputs.ts';

/** A movement in force: every assert that no retract took back. */
export interface InForce {
  readonly customerId: string;
  readonly effectiveAt: number;
  readonly movement: string;
  readonly amountMinor: number;
  readonly arrBeforeMinor: number;
  readonly arrAfterMinor: number;
  readonly drivers: readonly object[];
}

const isMovement = (delta: Delta): delta is ArrDelta => delta.type === 'arr_delta';

export const movementsIn = (
  partitions: readonly (readonly PublishedDelta[])[],
): readonly ArrDelta[] =>
  partitions.flatMap((deltas) => deltas.map(({ delta }) => delta)).filter(isMovement);

const inForceOf = (delta: ArrDelta): InForce => ({
  customerId: delta.customerId,
  effectiveAt: delta.effectiveAt,
  movement: delta.movement,
  amountMinor: delta.amountMinor,
  arrBeforeMinor: delta.arrBeforeMinor,
  arrAfterMinor: delta.arrAfterMinor,
  drivers: delta.drivers.map(({ driver, productId, amountMinor }) => ({
    driver,
    productId,
    amountMinor,
  })),
});

const keyOf = ({ effectiveAt, customerId }: Delta): string =>
  `${String(effectiveAt).padStart(16, '0')} ${customerId}`;

/** By (effective_at, customer). Throws where two are in force at once, or a retract takes back none. */
export const netLedger = (movements: readonly ArrDelta[]): readonly InForce[] => {
  const inForce = new Map<string, ArrDelta>();
  for (const delta of movements) {
    const key = keyOf(delta);
    const held = inForce.get(key);
    if (delta.op === 'assert') {
      if (held !== undefined) throw new Error(`two movements are in force at ${key}`);
      inForce.set(key, delta);
    } else {
      if (held?.movement !== delta.movement || held.amountMinor !== -delta.amountMinor) {
        throw new Error(`${delta.deltaId} takes back what is not in force`);
      }
      inForce.delete(key);
    }
  }
  return [...inForce].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, delta]) => inForceOf(delta));
};

export const classificationsIn = (deltas: readonly Delta[]): readonly CustomerClassified[] =>
  deltas.filter((delta) => delta.type === 'customer_classified');

/** Who customers are said to be, by (effective_at, customer); throws as `netLedger`. */
export const netClassifications = (said: readonly CustomerClassified[]): readonly object[] => {
  const inForce = new Map<string, object>();
  for (const delta of said) {
    const key = keyOf(delta);
    if (inForce.has(key) !== (delta.op === 'retract')) {
      throw new Error(`${delta.deltaId}: ${delta.op} at ${key}`);
    }
    const { customerId, effectiveAt, name, attributes } = delta;
    if (delta.op === 'assert') inForce.set(key, { customerId, effectiveAt, name, attributes });
    else inForce.delete(key);
  }
  return [...inForce].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, delta]) => delta);
};

/** A plain sum of everything said: it must be ARR. */
export const sumOf = (movements: readonly ArrDelta[]): number =>
  movements.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
