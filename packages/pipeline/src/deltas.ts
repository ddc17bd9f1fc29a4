/** Gives the changes of one commit their sequence, cause and headers, and writes them. */

import type { DeltaCodec } from '@holdfast/contracts/codec.ts';
import type { Change } from '@holdfast/domain/changes.ts';
import type { ArrDelta, Cause, CustomerClassified, Delta } from '@holdfast/domain/delta.ts';
import { customerId, type Instant, minorUnits } from '@holdfast/domain/scalars.ts';
import { commitHeaders } from './headers.ts';
import { type OutboxWriter, outboxWriter } from './outbox-writer.ts';
import type { Boundary } from './ports.ts';

export interface DeltaWriter extends Pick<OutboxWriter, 'end'> {
  /** Adds one delta to the commit. */
  write(change: Change, cause: Cause, knownAt: number): void;
  /** Adds a delta that was said before, as one of this commit. */
  repeat(delta: Delta): void;
  /** The sequence the next delta gets. */
  readonly nextSequence: () => number;
}

export interface DeltaWriterOptions {
  readonly codec: DeltaCodec;
  readonly generation: string;
  readonly partition: number;
  readonly currency: string;
  readonly from: Boundary;
  readonly to: Boundary;
  readonly nextSequence: number;
  /** Says nothing and numbers nothing. */
  readonly silent: boolean;
  /** The restatement that the deltas are part of. */
  readonly restatement?: string;
}

export function deltaWriter(options: DeltaWriterOptions): DeltaWriter {
  const { codec, generation, partition, currency, restatement = null } = options;
  const shared = commitHeaders(generation, options.from, options.to, restatement);
  const outbox = outboxWriter(codec, shared, options.nextSequence);
  const idsBegin = `${generation}:${partition}:`;
  let sequence = options.nextSequence;

  const deltaId = (): string => idsBegin + sequence;

  const add = (delta: Delta): void => {
    outbox.add(delta);
    sequence += 1;
  };

  const write = (change: Change, cause: Cause, knownAt: number): void => {
    if (options.silent) return;
    const head = {
      deltaId: deltaId(),
      customerId: customerId(change.customerId),
      op: change.op,
      knownAt: knownAt as Instant,
      cause,
      restatement,
    };
    add(
      change.kind === 'movement'
        ? arrDelta(change, head, currency)
        : { type: 'customer_classified', ...head, ...change.classification },
    );
  };

  const repeat = (delta: Delta): void => add({ ...delta, deltaId: deltaId(), restatement });

  return { write, repeat, end: outbox.end, nextSequence: () => sequence };
}

/** What takes a delta back, or says again what it took back. */
export const inverseOf = (delta: Delta): Delta => {
  const op = delta.op === 'assert' ? 'retract' : 'assert';
  if (delta.type === 'customer_classified') return { ...delta, op };
  return {
    ...delta,
    op,
    amountMinor: minorUnits(-delta.amountMinor),
    drivers: delta.drivers.map((each) => ({ ...each, amountMinor: minorUnits(-each.amountMinor) })),
  };
};

type Head = Omit<CustomerClassified, 'type' | 'effectiveAt' | 'name' | 'attributes'>;

/** A retract repeats the original with amount and drivers negated, so that a plain sum is right. */
function arrDelta(
  { op, movement, profile }: Extract<Change, { kind: 'movement' }>,
  head: Head,
  currency: string,
): ArrDelta {
  const sign = op === 'assert' ? 1 : -1;
  return {
    type: 'arr_delta',
    // One by one: to spread them takes four times as long.
    deltaId: head.deltaId,
    customerId: head.customerId,
    op,
    knownAt: head.knownAt,
    cause: head.cause,
    restatement: head.restatement,
    effectiveAt: movement.effectiveAt,
    movement: movement.movement,
    arrBeforeMinor: movement.arrBeforeMinor,
    arrAfterMinor: movement.arrAfterMinor,
    amountMinor: minorUnits(sign * (movement.arrAfterMinor - movement.arrBeforeMinor)),
    drivers:
      op === 'assert'
        ? movement.drivers
        : movement.drivers.map((driver) => ({
            ...driver,
            amountMinor: minorUnits(-driver.amountMinor),
          })),
    currency,
    customerName: profile.name,
    attributes: profile.attributes,
  };
}
