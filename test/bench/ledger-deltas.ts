/**
 * Deltas of made-up customers, as many as a benchmark of the ledger wants: each begins, then grows,
 * shrinks, leaves or returns at instants spread over three years; one in fifty is taken back.
 */

import type { ArrDelta, CustomerClassified, Delta, MovementKind } from '@holdfast/domain/delta.ts';
import { DEFAULT_MEMBER_CAP, DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import {
  type CustomerId,
  customerId,
  instant,
  minorUnits,
  offset,
} from '@holdfast/domain/scalars.ts';

export const POLICY: Policy = {
  ...DEFAULT_POLICY,
  dimensions: [{ name: 'segment', cap: DEFAULT_MEMBER_CAP }],
};

export const BEGIN = Date.UTC(2023, 0, 1);
export const END = Date.UTC(2026, 0, 1);
const SEGMENTS = ['enterprise', 'mid-market', 'smb', 'self-serve'];
/** A classification, and this many movements. */
const MOVEMENTS_EACH = 4;

/** The same numbers each time (mulberry32). */
const randomOf = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const kindOf = (before: number, after: number, first: boolean): MovementKind => {
  if (before === 0) return first ? 'new' : 'reactivation';
  if (after === 0) return 'churn';
  return after > before ? 'expansion' : 'contraction';
};

/** The rest of a delta, of a record that became known as it took effect. */
const headOf = (sequence: number, id: CustomerId, at: number) => ({
  deltaId: `1:0:${sequence}`,
  customerId: id,
  effectiveAt: instant(at),
  knownAt: instant(at),
  restatement: null,
  cause: {
    eventId: `evt_${sequence}`,
    source: 'bench',
    topic: 'subscription-changes',
    partition: 0,
    offset: offset(sequence),
  },
});

/**
 * One customer's change after the other without end, as they come live: `arr` is what each has, by
 * its number, and is kept up. `now` is when the next one takes effect.
 */
export function* changesOf(
  arr: Float64Array,
  sequence: number,
  now: () => number,
): Generator<ArrDelta, never> {
  for (let next = sequence; ; next += 1) {
    const number = next % arr.length;
    const before = arr[number] as number;
    const after = before < 1_000_000 ? before + 10_000 : 500_000;
    arr[number] = after;
    const movement = kindOf(before, after, false);
    const amountMinor = minorUnits(after - before);
    yield {
      ...headOf(next, customerId(`cus_${number}`), now()),
      type: 'arr_delta',
      op: 'assert',
      movement,
      arrBeforeMinor: minorUnits(before),
      arrAfterMinor: minorUnits(after),
      amountMinor,
      drivers: [{ driver: 'upsell', productId: 'core', amountMinor }],
      currency: 'USD',
      customerName: `Customer ${number}`,
      attributes: {},
    };
  }
}

/** In the order of a partition's log; sequences go on from `sequence`. */
export function* deltasOf(
  customers: number,
  from = 0,
  sequence = 0,
  begin = BEGIN,
): Generator<Delta, void> {
  const random = randomOf(from + 1);
  const span = (END - begin) / (MOVEMENTS_EACH + 1);
  let next = sequence;
  for (let number = from; number < from + customers; number += 1) {
    const id = customerId(`cus_${number}`);
    const segment = SEGMENTS[Math.floor(random() * SEGMENTS.length)] as string;
    const head = (at: number) => headOf(next, id, at);
    let at = begin + Math.floor(random() * span);
    const classified: CustomerClassified = {
      ...head(at),
      type: 'customer_classified',
      op: 'assert',
      name: `Customer ${number}`,
      attributes: { segment },
    };
    next += 1;
    yield classified;
    let arr = 0;
    for (let step = 0; step < MOVEMENTS_EACH; step += 1) {
      const luck = random();
      const after = step > 0 && luck < 0.1 ? 0 : Math.floor(100_000 + luck * 1_000_000);
      const movement = kindOf(arr, after, step === 0);
      const amountMinor = minorUnits(after - arr);
      const asserted: ArrDelta = {
        ...head(at),
        type: 'arr_delta',
        op: 'assert',
        movement,
        arrBeforeMinor: minorUnits(arr),
        arrAfterMinor: minorUnits(after),
        amountMinor,
        drivers: [{ driver: 'upsell', productId: 'core', amountMinor }],
        currency: 'USD',
        customerName: classified.name,
        attributes: classified.attributes,
      };
      next += 1;
      yield asserted;
      if (step === MOVEMENTS_EACH - 1 && random() < 0.02 * (MOVEMENTS_EACH + 1)) {
        const negated = minorUnits(-amountMinor);
        yield {
          ...asserted,
          ...head(at),
          op: 'retract',
          amountMinor: negated,
          drivers: [{ driver: 'upsell', productId: 'core', amountMinor: negated }],
        };
        next += 1;
      }
      arr = after;
      at += Math.floor(1 + random() * span);
    }
  }
}
