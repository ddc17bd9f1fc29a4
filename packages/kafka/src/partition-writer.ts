/**
 * Appends batches to one partition, one at a time, each with the sequence number that lets the
 * broker tell a repetition from a new batch: so a send is repeated until it is answered, and the
 * offset in the answer is the proof that it is in the log. Knows nothing of transactions' ends.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Broker, Cluster } from './cluster.ts';
import type { Compression } from './compression.ts';
import { faultOf, messageOf, passes } from './faults.ts';
import { persist } from './patience.ts';
import { produceCall } from './produce.ts';
import { encodeRecordBatch, type ProducerIdentity, type RecordToSend } from './record-batch.ts';

export interface PartitionWriter {
  /**
   * The offset of the first record. Throws `output_unavailable` where it is certain that nothing
   * was written, `publish_fenced`, or `publish_in_doubt`; after the latter two it never writes again.
   */
  append(records: readonly RecordToSend[], until: AbortSignal): Promise<number>;
}

export interface PartitionWriterOptions {
  readonly cluster: Cluster;
  readonly topic: string;
  readonly partition: number;
  readonly producer: ProducerIdentity;
  /** Null: idempotent only. */
  readonly transactionalId: string | null;
  readonly compression: Compression;
}

const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 1_000;
/** Sequence numbers are 31 bits and go on from 0. */
const SEQUENCES = 2 ** 31;

export const partitionWriter = (options: PartitionWriterOptions): PartitionWriter => {
  const { cluster, topic, partition, producer, transactionalId, compression } = options;
  let sequence = 0;
  /** One past the last offset that the log gave; the next one can't be below. */
  let written = 0;
  let broken: HoldfastError | null = null;

  /** What follows an unknown end would have its sequence number, and be taken for its repetition. */
  const give = (error: HoldfastError): HoldfastError => {
    if (error.code !== 'output_unavailable') broken = error;
    return error;
  };

  const append = async (records: readonly RecordToSend[], until: AbortSignal): Promise<number> => {
    if (broken !== null) throw broken;
    const batch = encodeRecordBatch(records, {
      ...producer,
      sequence,
      transactional: transactionalId !== null,
      compression,
    });
    const call = produceCall(topic, partition, batch, transactionalId);
    let mayBeWritten = false;

    const attempt = async (): Promise<number> => {
      const leader: Broker = await cluster.leader(topic, partition);
      try {
        return await leader.ask(call);
      } catch (error) {
        const fault = faultOf(error);
        if (fault === 'unanswered' || fault === 'unsure') mayBeWritten = true;
        throw error;
      }
    };

    let baseOffset: number;
    try {
      baseOffset = await persist(attempt, {
        until,
        passes: (error) => passes(error) || faultOf(error) === 'missing',
        between: () => cluster.lookAgain(),
        firstWaitMs: FIRST_WAIT_MS,
        longestWaitMs: LONGEST_WAIT_MS,
      });
    } catch (error) {
      const fault = faultOf(error);
      const doubtful = mayBeWritten || fault === 'forgotten';
      throw give(
        new HoldfastError(
          fault === 'fenced'
            ? 'publish_fenced'
            : doubtful
              ? 'publish_in_doubt'
              : 'output_unavailable',
          `${topic}/${partition}: ${messageOf(error)}`,
          { cause: error },
        ),
      );
    }
    if (baseOffset < written) {
      throw give(
        new HoldfastError(
          'publish_in_doubt',
          `${topic}/${partition}: the log gave offset ${baseOffset} after ${written - 1}`,
        ),
      );
    }
    sequence = (sequence + records.length) % SEQUENCES;
    written = baseOffset + records.length;
    return baseOffset;
  };

  return { append };
};
