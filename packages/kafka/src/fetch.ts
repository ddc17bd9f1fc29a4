/**
 * Asks a partition's leader for record batches and for the ends of its log. One partition a
 * request: a fetch of several would fail as a whole with one of them, and wait for all of them.
 */

import type { Cursor } from './bytes.ts';
import { BrokerRefusal } from './faults.ts';
import { bytes, type Call, int16, int32, int64, list, messageWriter, text } from './message.ts';

/** A transaction that was given up; its records stay in the log and are no one's. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

export interface FetchAnswer {
  /** One past the last offset that is replicated. */
  readonly highWatermark: number;
  /** One past the last offset whose transaction, if any, has ended. */
  readonly stableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches; the last one may be cut. */
  readonly batches: Buffer;
}

export interface FetchOptions {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  /** How long the broker may wait for a first record. */
  readonly waitMs: number;
  /** The broker sends one whole batch even if it is larger. */
  readonly maxBytes: number;
}

const NO_REPLICA = -1;
const NO_EPOCH = -1;
const NO_SESSION = 0;
const READ_COMMITTED = 1;

/** Refuses an answer that has an error code in front of what is read on. */
const check = (name: string, code: number): void => {
  if (code !== 0) throw new BrokerRefusal(name, code);
};

const fetchedPartition = (from: Cursor): FetchAnswer => {
  int32(from);
  check('Fetch', int16(from));
  const highWatermark = int64(from);
  const stableOffset = int64(from);
  int64(from);
  const aborted = list(from, (each) => ({ producerId: int64(each), firstOffset: int64(each) }));
  int32(from);
  return { highWatermark, stableOffset, aborted, batches: bytes(from) };
};

/** Fetch, version 11, of records whose transactions are committed. */
export const fetchCall = (options: FetchOptions): Call<FetchAnswer> => ({
  name: 'Fetch',
  apiKey: 1,
  apiVersion: 11,
  body: messageWriter()
    .int32(NO_REPLICA)
    .int32(options.waitMs)
    .int32(1)
    .int32(options.maxBytes)
    .int8(READ_COMMITTED)
    .int32(NO_SESSION)
    .int32(NO_EPOCH)
    .int32(1)
    .text(options.topic)
    .int32(1)
    .int32(options.partition)
    .int32(NO_EPOCH)
    .int64(options.fromOffset)
    .int64(-1)
    .int32(options.maxBytes)
    .int32(0)
    .text('')
    .end(),
  throttle: 'first',
  decode: (answer) => {
    int32(answer);
    check('Fetch', int16(answer));
    int32(answer);
    const [topic] = list(answer, (from) => {
      text(from);
      return list(from, fetchedPartition);
    });
    return topic![0]!;
  },
});

/** The start of the log; its end; or its end for readers of committed records. */
export type LogEdge = 'start' | 'end' | 'stable end';

const EDGE_TIMESTAMP = { start: -2, end: -1, 'stable end': -1 } as const;

/** ListOffsets, version 3. */
export const edgeCall = (topic: string, partition: number, edge: LogEdge): Call<number> => ({
  name: 'ListOffsets',
  apiKey: 2,
  apiVersion: 3,
  body: messageWriter()
    .int32(NO_REPLICA)
    .int8(edge === 'stable end' ? READ_COMMITTED : 0)
    .int32(1)
    .text(topic)
    .int32(1)
    .int32(partition)
    .int64(EDGE_TIMESTAMP[edge])
    .end(),
  throttle: 'first',
  decode: (answer) => {
    int32(answer);
    const [found] = list(answer, (from) => {
      text(from);
      return list(from, (each) => {
        int32(each);
        check('ListOffsets', int16(each));
        int64(each);
        return int64(each);
      });
    });
    return found![0]!;
  },
});
