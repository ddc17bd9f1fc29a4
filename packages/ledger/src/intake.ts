/**
 * Takes the deltas of partitions in, each once and without a gap by its sequence, and knows how far
 * each partition is complete. What is stored and how far it goes are written together, so that a
 * ledger which was killed goes on from what it holds.
 */

import type { ArrDelta, CustomerClassified, Delta } from '@holdfast/domain/delta.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { append, appendMembers, type Placed } from './append.ts';
import type { Database } from './database.ts';
import { ALWAYS } from './member-steps.ts';
import { loadMembers, stepsOf } from './members.ts';
import { type Members, numbering } from './numbering.ts';
import { type Reach, reaches } from './reaches.ts';

/** How far a partition of `arr-deltas` is told up to an instant. */
export interface Completeness {
  readonly asOf: number;
  /** Every delta before this sequence, and no other, is of that instant or before. */
  readonly nextSequence: number;
  /** Of the first record of the input that is not folded in it. */
  readonly inputOffset?: number;
}

export interface PartitionPosition {
  /** Where reading of the log goes on. */
  readonly nextOffset: number;
  readonly nextSequence: number;
  /** Up to when the partition is complete; null: not known. */
  readonly asOf: number | null;
  /** Of the first record of the input that is not in it; null: not told since it was opened. */
  readonly inputOffset: number | null;
}

export interface Intake {
  /** Deltas in the order of the log; those that it holds already are passed over. */
  take(partition: number, deltas: readonly Delta[], nextOffset: number): Promise<void>;
  /** Told by who knows; counts once the deltas before it are held. */
  complete(partition: number, upTo: Completeness): void;
  position(partition: number): PartitionPosition;
  /** Up to when all partitions are complete; null while one of them is not known. */
  asOf(): number | null;
  /** Deltas held. */
  readonly size: number;
  readonly customers: number;
  customer(id: string): number | undefined;
  readonly members: Members;
  /** The next sequence of each partition: what is held is a function of it. */
  sequences(): readonly number[];
  /**
   * The sequences when the last delta came that takes effect by `asOf` and was known by `knownAt`
   * (null: whenever): figures of that instant are a function of it. Of what was held when the ledger
   * was opened nothing is known but the sequences then.
   */
  sequencesFor(asOf: number, knownAt: number | null): readonly number[];
  /** Of the first movement, and of the last thing that became known. */
  readonly firstEffectiveAt: number | null;
  readonly lastKnownAt: number | null;
  /** Of the delta that came last. */
  readonly generation: string | null;
  /** Called after each change; answers how to end that. */
  watch(listener: () => void): () => void;
  /** Writes down how far partitions are complete. */
  close(): Promise<void>;
}

interface Position {
  nextOffset: number;
  nextSequence: number;
  asOf: number | null;
  inputOffset: number | null;
  /** Told, and not reached yet; ascending. */
  ahead: Completeness[];
}

const ID = /^([^:]+):(\d+):(\d+)$/;

/** Throws `output_unreadable`. */
const placeOf = (deltaId: string, partition: number): readonly [string, number] => {
  const [, generation, of, sequence] = ID.exec(deltaId) ?? [];
  if (generation === undefined || Number(of) !== partition) {
    throw new HoldfastError(
      'output_unreadable',
      `delta_id "${deltaId}" in partition ${partition}; want generation:${partition}:sequence`,
    );
  }
  return [generation, Number(sequence)];
};

interface Facts {
  readonly size: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly generation: string | null;
}

interface StoredPosition {
  readonly partition_: number;
  readonly next_offset: number;
  readonly next_sequence: number;
  readonly as_of: number | null;
}

/** `partitions`: of the topic. */
export async function openIntake(
  database: Database,
  rules: Rules,
  partitions: number,
): Promise<Intake> {
  const { stored, customers, members, facts } = await database.read(async (query) => ({
    stored: await query<StoredPosition>('select * from progress'),
    customers: numbering(
      (await query<{ id: string }>('select customer_id id from customers order by customer')).map(
        ({ id }) => id,
      ),
    ),
    members: await loadMembers(query, rules.dimensions),
    facts: (
      await query<Facts>(
        `select count(*) size, min(effective_at) as first, max(known_at) as last,
           arg_max(generation, sequence_) as generation from deltas`,
      )
    )[0],
  }));
  let size = facts?.size ?? 0;
  let firstEffectiveAt = facts?.first ?? null;
  let lastKnownAt = facts?.last ?? null;
  let generation = facts?.generation ?? null;
  const positions = Array.from({ length: partitions }, (_, partition): Position => {
    const known = stored.find(({ partition_ }) => partition_ === partition);
    return {
      nextOffset: known?.next_offset ?? 0,
      nextSequence: known?.next_sequence ?? 0,
      asOf: known?.as_of ?? null,
      inputOffset: null,
      ahead: [],
    };
  });
  const positionOf = (partition: number): Position => {
    const position = positions[partition];
    if (position !== undefined) return position;
    throw new HoldfastError(
      'output_unreadable',
      `partition ${partition} of the deltas; the ledger knows ${partitions}`,
    );
  };
  const sequences = () => positions.map(({ nextSequence }) => nextSequence);
  const told = reaches(sequences());
  /** A customer's classification may hold before its own instant, but no figure has a new one yet. */
  const reachOf = (placed: readonly Placed[]): Reach | null => {
    const known = customers.size - customers.given.length;
    const reaching = placed.filter(
      ({ delta, customer }) => delta.type === 'arr_delta' || customer < known,
    );
    if (reaching.length === 0) return null;
    let [effectiveAt, knownAt] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const { delta } of reaching) {
      effectiveAt = Math.min(effectiveAt, delta.type === 'arr_delta' ? delta.effectiveAt : ALWAYS);
      knownAt = Math.min(knownAt, delta.knownAt);
    }
    return { effectiveAt, knownAt };
  };
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  const settle = (position: Position): boolean => {
    const reached = position.ahead.findLast(
      ({ nextSequence }) => nextSequence <= position.nextSequence,
    );
    if (reached === undefined) return false;
    position.ahead = position.ahead.slice(position.ahead.indexOf(reached) + 1);
    // Neither goes back, but a newer generation may begin to tell them again.
    const { asOf, inputOffset } = position;
    position.asOf = Math.max(asOf ?? reached.asOf, reached.asOf);
    if (reached.inputOffset !== undefined) {
      position.inputOffset = Math.max(inputOffset ?? 0, reached.inputOffset);
    }
    return position.asOf !== asOf || position.inputOffset !== inputOffset;
  };

  /** Those that are not held yet. Throws `ledger_gap`. */
  const newOnes = (
    partition: number,
    deltas: readonly Delta[],
    nextSequence: number,
  ): readonly Placed[] => {
    const found: Placed[] = [];
    let next = nextSequence;
    for (const delta of deltas) {
      const [generation, sequence] = placeOf(delta.deltaId, partition);
      if (sequence < next) continue;
      if (sequence > next) {
        throw new HoldfastError(
          'ledger_gap',
          `partition ${partition} has sequence ${sequence} where ${next} was to come`,
        );
      }
      checkCurrency(rules, delta);
      found.push({
        partition,
        sequence,
        generation,
        customer: customers.give(delta.customerId),
        delta,
      });
      next += 1;
    }
    return found;
  };

  const store = async (
    partition: number,
    position: Pick<Position, 'nextOffset' | 'nextSequence' | 'asOf'>,
    placed: readonly Placed[],
  ) =>
    database.write(async (connection, query) => {
      const deltas = placed.filter(
        (one): one is Placed<ArrDelta> => one.delta.type === 'arr_delta',
      );
      const classified = placed.filter(
        (one): one is Placed<CustomerClassified> => one.delta.type === 'customer_classified',
      );
      const { given } = customers;
      const known = customers.size - given.length;
      const { dimensions } = rules;
      const steps = await stepsOf(query, dimensions, members, classified, (one) => one >= known);
      await append(connection, { deltas, classified, customers: given });
      await appendMembers(connection, members, steps);
      await query(`delete from progress where partition_ = ${partition}`);
      await query(
        `insert into progress values (${partition}, ${position.nextOffset},
          ${position.nextSequence}, ${position.asOf})`,
      );
    });

  /** One write after the other: customers are numbered in their order. */
  let writing: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(body: () => Promise<Answer>): Promise<Answer> => {
    const turn = writing.then(body);
    writing = turn.catch(() => undefined);
    return turn;
  };

  const take = async (
    partition: number,
    deltas: readonly Delta[],
    nextOffset: number,
  ): Promise<void> => {
    const position = positionOf(partition);
    try {
      const placed = newOnes(partition, deltas, position.nextSequence);
      const nextSequence = position.nextSequence + placed.length;
      if (placed.length === 0 && nextOffset <= position.nextOffset) return;
      const next = { asOf: position.asOf, nextOffset, nextSequence };
      const reach = reachOf(placed);
      await store(partition, next, placed);
      for (const names of [customers, ...members]) names.keep();
      Object.assign(position, next);
      if (reach !== null) told.add(reach, sequences());
      size += placed.length;
      generation = placed.at(-1)?.generation ?? generation;
      for (const { delta } of placed) {
        if (delta.type === 'arr_delta') {
          firstEffectiveAt = Math.min(firstEffectiveAt ?? delta.effectiveAt, delta.effectiveAt);
        }
        lastKnownAt = Math.max(lastKnownAt ?? delta.knownAt, delta.knownAt);
      }
    } catch (error) {
      for (const names of [customers, ...members]) names.forget();
      throw error;
    }
    settle(position);
    changed();
  };

  return {
    take: (partition, deltas, nextOffset) => inTurn(() => take(partition, deltas, nextOffset)),
    complete: (partition, upTo) => {
      const position = positionOf(partition);
      position.ahead.push(upTo);
      if (settle(position)) changed();
    },
    position: (partition) => {
      const { nextOffset, nextSequence, asOf, inputOffset } = positionOf(partition);
      return { nextOffset, nextSequence, asOf, inputOffset };
    },
    asOf: () =>
      positions.reduce<number | null>(
        (least, { asOf }) => (least === null || asOf === null ? null : Math.min(least, asOf)),
        Number.POSITIVE_INFINITY,
      ),
    get size() {
      return size;
    },
    get customers() {
      return customers.size;
    },
    get firstEffectiveAt() {
      return firstEffectiveAt;
    },
    get lastKnownAt() {
      return lastKnownAt;
    },
    get generation() {
      return generation;
    },
    customer: (id) => customers.numberOf(id),
    members,
    sequences,
    sequencesFor: told.last,
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () =>
      inTurn(async () => {
        for (const [partition, position] of positions.entries()) {
          if (position.asOf !== null) await store(partition, position, []);
        }
      }),
  };
}

function checkCurrency({ policy }: Rules, delta: Delta): void {
  if (delta.type !== 'arr_delta' || delta.currency === policy.reportingCurrency) return;
  throw new HoldfastError(
    'policy_changed',
    `${delta.deltaId} is in ${delta.currency}, the policy reports in ${policy.reportingCurrency}`,
  );
}
