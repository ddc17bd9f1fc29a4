/**
 * What leaves on the delta topic, commit by commit, worked out by comparing ledgers made from
 * scratch: first the tick (what came due), then each record's own difference.
 */

import type { Movement } from '@holdfast/domain/delta.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import { type ArrivedRecord, customerOf } from './customer.ts';
import { ledgerOf, movementAmount, movementIdentity } from './movements.ts';

/** As-of first, then the records in the order of arrival; a tick has none. */
export interface ReferenceCommit {
  readonly asOf: number;
  readonly records: readonly ArrivedRecord[];
}

export interface PublishedMovement {
  readonly customerId: string;
  readonly op: 'assert' | 'retract';
  /** As it is or was in force; `amountMinor` carries the sign of the delta. */
  readonly movement: Movement;
  readonly amountMinor: number;
  readonly knownAt: number;
  /** The record that made the movement what it is, or for a retraction made it wrong. */
  readonly cause: ArrivedRecord;
}

/** One customer's records so far, in the order of arrival, and the rules to read them by. */
interface Known {
  readonly arrived: readonly ArrivedRecord[];
  readonly policy: Policy;
  readonly keepEverything: boolean;
}

const ledgerAfter = (known: Known, records: number, asOf: number): Movement[] =>
  ledgerOf(customerOf(known.arrived.slice(0, records), known.policy, known.keepEverything), asOf);

const knownAtOf = (known: Known, records: number): number =>
  Math.max(...known.arrived.slice(0, records).map(({ record }) => record.recordedAt));

/** How many records were needed until the movement stood as it stands now and stayed. */
const recordsNeeded = (known: Known, movement: Movement): number => {
  let records = known.arrived.length;
  while (records > 1 && holds(ledgerAfter(known, records - 1, movement.effectiveAt), movement)) {
    records -= 1;
  }
  return records;
};

const holds = (ledger: readonly Movement[], movement: Movement): boolean =>
  ledger.some((other) => movementIdentity(other) === movementIdentity(movement));

const publish = (
  known: Known,
  records: number,
  op: 'assert' | 'retract',
  movement: Movement,
): PublishedMovement => ({
  customerId: known.arrived[0]!.record.customerId,
  op,
  movement,
  amountMinor: (op === 'assert' ? 1 : -1) * movementAmount(movement),
  knownAt: knownAtOf(known, records),
  cause: known.arrived[records - 1]!,
});

/** By instant, and of one instant the retraction first: at most one movement is in force there. */
const inOrder = (a: PublishedMovement, b: PublishedMovement): number =>
  a.movement.effectiveAt - b.movement.effectiveAt ||
  (a.op === b.op ? (a.customerId < b.customerId ? -1 : 1) : a.op === 'retract' ? -1 : 1);

const publishTick = (known: Known, from: number, to: number): PublishedMovement[] =>
  ledgerAfter(known, known.arrived.length, to)
    .filter(({ effectiveAt }) => effectiveAt > from)
    .map((movement) => publish(known, recordsNeeded(known, movement), 'assert', movement));

/** The difference that the last record makes to what is in force at `asOf`. */
const publishRecord = (known: Known, asOf: number): PublishedMovement[] => {
  const count = known.arrived.length;
  const before = count === 1 ? [] : ledgerAfter(known, count - 1, asOf);
  const after = ledgerAfter(known, count, asOf);
  return [
    ...before
      .filter((movement) => !holds(after, movement))
      .map((movement) => publish(known, count, 'retract', movement)),
    ...after
      .filter((movement) => !holds(before, movement))
      .map((movement) => publish(known, count, 'assert', movement)),
  ].sort(inOrder);
};

/** The deltas of each commit, in order. */
export const publishedByCommit = (
  commits: readonly ReferenceCommit[],
  policy: Policy,
  keepEverything: boolean,
): PublishedMovement[][] => {
  const customers = new Map<string, Known>();
  let from = Number.NEGATIVE_INFINITY;
  return commits.map(({ asOf, records }) => {
    const deltas = [...customers.values()]
      .flatMap((known) => publishTick(known, from, asOf))
      .sort(inOrder);
    for (const arrived of records) {
      const id = arrived.record.customerId;
      const before = customers.get(id)?.arrived ?? [];
      const known = { arrived: [...before, arrived], policy, keepEverything };
      customers.set(id, known);
      deltas.push(...publishRecord(known, asOf));
    }
    from = asOf;
    return deltas;
  });
};
