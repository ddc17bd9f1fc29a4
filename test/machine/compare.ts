/** Brings the machine's and the reference's answers to one form. */

import { isDeepStrictEqual } from 'node:util';
import type { AggregateRow } from '@holdfast/domain/aggregates.ts';
import type { ArrDelta, Delta } from '@holdfast/domain/delta.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { windowStart } from '../reference/calendar.ts';
import type { ArrivedRecord } from '../reference/customer.ts';
import type { PublishedMovement } from '../reference/published.ts';
import type { Reference } from '../reference/reference.ts';

/** The reference's gauges as rows of aggregates, in the same field order. */
export const aggregatesOf = ({
  retention,
  present,
}: ReturnType<Reference['gauges']>): AggregateRow[] => [
  ...retention.map((row) => ({
    kind: 'retention' as const,
    window: row.window,
    dimension: row.dimension,
    member: row.member,
    openingArrMinor: row.openingArrMinor,
    expansionArrMinor: row.expansionArrMinor,
    contractionArrMinor: row.contractionArrMinor,
    churnedArrMinor: row.churnedArrMinor,
    closingArrMinor: row.closingArrMinor,
    openingCustomers: row.openingCustomers,
    retainedCustomers: row.retainedCustomers,
  })),
  ...present.map(({ dimension, member, arrMinor, customers }) => ({
    kind: 'arr' as const,
    dimension,
    member,
    arrMinor,
    customers,
  })),
];

/** The greatest loss of one customer in each of the policy's windows that knows one. */
export const largestLossesOf = (
  { customerIds, arrOf }: Reference,
  { timeZone, windows }: Policy,
  asOf: number,
): ReadonlyMap<string, number> => {
  const largest = windows.map((window): [string, number] => {
    const before = windowStart(timeZone, window, asOf) - 1;
    return [window, Math.max(0, ...customerIds.map((id) => arrOf(id, before) - arrOf(id, asOf)))];
  });
  return new Map(largest.filter(([, loss]) => loss > 0));
};

export const comparableDelta = (delta: ArrDelta): object => ({
  customerId: delta.customerId,
  op: delta.op,
  effectiveAt: delta.effectiveAt,
  movement: delta.movement,
  before: delta.arrBeforeMinor,
  after: delta.arrAfterMinor,
  amount: delta.amountMinor,
  drivers: delta.drivers,
  knownAt: delta.knownAt,
  eventId: delta.cause.eventId,
  offset: delta.cause.offset,
});

export const comparableReference = (said: PublishedMovement): object => {
  const sign = said.op === 'assert' ? 1 : -1;
  return {
    customerId: said.customerId,
    op: said.op,
    effectiveAt: said.movement.effectiveAt,
    movement: said.movement.movement,
    before: said.movement.arrBeforeMinor,
    after: said.movement.arrAfterMinor,
    amount: said.amountMinor,
    drivers: said.movement.drivers.map((driver) => ({
      ...driver,
      amountMinor: sign * driver.amountMinor,
    })),
    knownAt: said.knownAt,
    eventId: said.cause.record.eventId,
    offset: said.cause.offset,
  };
};

/**
 * Whether of two records of one subject with equal version and recorded_at the later to arrive is
 * effective earlier. An event that can hold no more is forgotten by the machine, and with it that
 * its rank was taken; the reference forgets nothing.
 */
export const aTieMovesBack = (arrived: readonly ArrivedRecord[]): boolean =>
  arrived.some(({ record }, index) =>
    arrived
      .slice(0, index)
      .some(
        ({ record: first }) =>
          sameSubject(first, record) &&
          first.version === record.version &&
          first.recordedAt === record.recordedAt &&
          record.effectiveAt < first.effectiveAt,
      ),
  );

/** Whether two records speak of one subscription, or for one source of one customer. */
export const sameSubject = (a: ChangeRecord, b: ChangeRecord): boolean =>
  subjectOf(a) === subjectOf(b);

const subjectOf = (record: ChangeRecord): string =>
  JSON.stringify([
    record.customerId,
    record.source,
    record.type === 'subscription_changed' ? record.subscriptionId : null,
  ]);

/** The delta as it was asserted: a retract carries amount and drivers negated. */
const signed = ({ op, amountMinor, drivers }: ArrDelta) => {
  const sign = op === 'assert' ? 1 : -1;
  return {
    sign,
    amountMinor: sign * amountMinor,
    drivers: drivers.map((driver) => ({ ...driver, amountMinor: sign * driver.amountMinor })),
  };
};

/** Movements in force: every assert that no retract took back, without what names the order. */
export const netLedger = (said: readonly Delta[]): readonly object[] => {
  const inForce = new Map<string, object>();
  for (const delta of said) {
    if (delta.type !== 'arr_delta') continue;
    const key = `${delta.effectiveAt} ${delta.customerId}`;
    const { customerId, effectiveAt, movement } = delta;
    const { sign, amountMinor, drivers } = signed(delta);
    const said = { customerId, effectiveAt, movement, amountMinor, drivers };
    const known = inForce.get(key);
    if (sign === 1) {
      if (known !== undefined) throw new Error(`two movements are in force at ${key}`);
      inForce.set(key, said);
    } else {
      if (!isDeepStrictEqual(known, said)) throw new Error(`what is retracted differs at ${key}`);
      inForce.delete(key);
    }
  }
  return [...inForce].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, movement]) => movement);
};
