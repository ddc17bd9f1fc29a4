/**
 * How a stream is delivered: in which order, cut into which commits, with ticks at which instants.
 * Drawn apart from the stream (a property takes both), so that both shrink; `deliver` joins them.
 */

import * as fc from 'fast-check';
import { nearWindowEnd } from '../reference/calendar.ts';
import type { ArrivedRecord } from '../reference/customer.ts';
import type { ReferenceCommit } from '../reference/published.ts';
import { DAY, HOUR } from './moments.ts';
import type { Stream } from './streams.ts';

/** Records are taken when the machine's clock is at most a day behind their recorded_at. */
const MOST_AHEAD = DAY;

const asOfArbitrary = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('lag' as const),
      lag: fc.constantFrom(0, 1, -DAY, -HOUR, HOUR, 5 * DAY, 40 * DAY, 400 * DAY),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ kind: fc.constant('edge' as const), pick: fc.nat(400) }), weight: 3 },
);

const batchArbitrary = fc.record({
  /** 0: a tick. */
  size: fc.oneof({ arbitrary: fc.constant(1), weight: 3 }, { arbitrary: fc.nat(6), weight: 2 }),
  asOf: asOfArbitrary,
});

/** Shrinks to: in the order of the stream, all in one commit. */
export const deliveryArbitrary = fc.record({
  /** Sorting keys of the records; those beyond have 0, equal keys keep their order. */
  order: fc.oneof(fc.constant([]), fc.array(fc.nat(99), { maxLength: 40 })),
  batches: fc.array(batchArbitrary, { maxLength: 30 }),
});

export type Delivery = typeof deliveryArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * Instants at which a figure of the stream may change, with those just beside: what the stream
 * names, and where windows that start there end. Ascending.
 */
export const edgeInstants = ({ policy, mentioned }: Stream): number[] => {
  const edges = mentioned.flatMap((at) => [
    at,
    ...policy.windows.map((window) => nearWindowEnd(policy.timeZone, window, at)),
  ]);
  const beside = edges.flatMap((at) => [at - 2, at - 1, at, at + 1]);
  return [...new Set(beside)].sort((a, b) => a - b);
};

/** The records in the delivery's order, with offsets of that order. */
export const ordered = ({ arrived }: Stream, { order }: Delivery): ArrivedRecord[] =>
  arrived
    .map(({ record }, index) => ({ record, key: order[index] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ record }, offset) => ({ record, offset }));

const greatestRecordedAt = (records: readonly ArrivedRecord[]): number =>
  Math.max(Number.NEGATIVE_INFINITY, ...records.map(({ record }) => record.recordedAt));

/** The commits, as-of never going back; every record of the stream is in one of them. */
export const deliver = (stream: Stream, delivery: Delivery): ReferenceCommit[] => {
  const edges = edgeInstants(stream);
  const commits: ReferenceCommit[] = [];
  let waiting = ordered(stream, delivery);
  let asOf = Math.min(...stream.arrived.map(({ record }) => record.recordedAt)) - MOST_AHEAD;
  const rest = { size: Number.POSITIVE_INFINITY, asOf: { kind: 'lag' as const, lag: 0 } };
  for (const { size, asOf: drawn } of [...delivery.batches, rest]) {
    const records = waiting.slice(0, size);
    waiting = waiting.slice(size);
    const least = Math.max(asOf, greatestRecordedAt(records) - MOST_AHEAD);
    asOf = Math.max(
      least,
      drawn.kind === 'lag'
        ? Math.max(asOf, greatestRecordedAt(records)) + drawn.lag
        : edges[drawn.pick % edges.length]!,
    );
    commits.push({ asOf, records });
  }
  return commits;
};
