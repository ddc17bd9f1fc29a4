/**
 * The two output topics on Kafka behind the port `DeltaSink`: one transactional producer for each
 * input partition, one transaction for each commit of the pipeline. It never guesses: what the log
 * did not acknowledge with an offset is in doubt, and an output in doubt publishes no more.
 */

import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import type {
  DeltaSink,
  OutputPosition,
  OutputRecord,
  PartitionOutput,
} from '@holdfast/pipeline/ports.ts';
import type { Kafka } from 'kafkajs';
import { kafkaCluster } from './cluster.ts';
import type { Compression } from './compression.ts';
import { lastRecord } from './last-record.ts';
import { type PartitionReader, partitionReader } from './partition-reader.ts';
import { type PartitionWriter, partitionWriter } from './partition-writer.ts';
import { within } from './patience.ts';
import { readToEnd } from './read-to-end.ts';
import type { RecordToSend } from './record-batch.ts';
import { endHanging, isWhole, untilSeen } from './seen.ts';
import { sendsOf } from './sends.ts';
import { transactionalProducer } from './transaction.ts';

export interface KafkaDeltaSinkOptions {
  readonly kafka: Kafka;
  readonly deltaTopic: string;
  readonly deadLetterTopic: string;
  /**
   * With the partition it makes the transactional id, `<instance>-<partition>`: one for all
   * generations, so that whoever opens a partition fences every other.
   */
  readonly instance: string;
  readonly compression: Compression;
  /** The wall clock, UTC ms: the timestamp of what is written. */
  readonly now: () => number;
  /**
   * How long a call is tried before it is the caller's again. The coordinator gives an open
   * transaction up well after that.
   */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** The coordinator gives up what its owner has not ended so long after it should have. */
const GIVEN_UP_AFTER_MS = 30_000;
/** Beyond a publish's own time: an abort is what makes it certain that nothing was written. */
const ABORT_TIMEOUT_MS = 10_000;

/** Field by field: to spread each record takes as long as to encode it. */
const stamped = (records: readonly OutputRecord[], timestamp: number): readonly RecordToSend[] =>
  records.map(({ key, value, headers, sequence }) => ({
    timestamp,
    key,
    value,
    headers,
    sequence,
  }));

export const kafkaDeltaSink = (options: KafkaDeltaSinkOptions): DeltaSink => {
  const { kafka, deltaTopic, deadLetterTopic, instance, compression, now } = options;
  const { timeoutMs = TIMEOUT_MS } = options;

  const open = async (partition: number): Promise<PartitionOutput> => {
    const cluster = kafkaCluster(kafka, [deltaTopic, deadLetterTopic]);
    const closed = new AbortController();
    const readerOf = (topic: string) =>
      partitionReader(cluster, topic, partition, 'output_unavailable');
    const deltaReader = readerOf(deltaTopic);
    const deadLetterReader = readerOf(deadLetterTopic);

    const end = async (): Promise<OutputPosition> => {
      const until = within(timeoutMs, closed.signal);
      return {
        deltaOffset: await deltaReader.edge('end', until),
        deadLetterOffset: await deadLetterReader.edge('end', until),
      };
    };

    const initialise = async () => {
      const transactionalId = `${instance}-${partition}`;
      const producer = await transactionalProducer(
        cluster,
        transactionalId,
        within(timeoutMs, closed.signal),
        timeoutMs + GIVEN_UP_AFTER_MS,
      );
      const writerOf = (topic: string) =>
        partitionWriter({
          cluster,
          topic,
          partition,
          producer: producer.identity,
          transactionalId,
          compression,
        });
      const until = within(timeoutMs, closed.signal);
      await endHanging(producer, [deltaReader, deadLetterReader], until);
      return {
        producer,
        deltaWriter: writerOf(deltaTopic),
        deadLetterWriter: writerOf(deadLetterTopic),
        position: await end(),
      };
    };

    const { producer, deltaWriter, deadLetterWriter, ...opened } = await initialise().catch(
      async (error: unknown) => {
        await cluster.close();
        throw error;
      },
    );
    let position: OutputPosition = opened.position;
    /** Why this output publishes no more; null while it does. */
    let broken: HoldfastError | null = null;

    /** One past the last offset of what was written; `before` where there was nothing to write. */
    const write = async (
      writer: PartitionWriter,
      records: readonly OutputRecord[],
      before: number,
      until: AbortSignal,
    ): Promise<number> => {
      let next = before;
      for (const send of sendsOf(stamped(records, now()))) {
        next = (await writer.append(send, until)) + send.length;
      }
      return next;
    };

    const transact = async (
      topics: readonly string[],
      body: (until: AbortSignal) => Promise<OutputPosition>,
    ): Promise<OutputPosition> => {
      const until = within(timeoutMs, closed.signal);
      await producer.begin(topics, partition, until);
      let written: OutputPosition;
      try {
        written = await body(until);
      } catch (error) {
        if (isHoldfastError(error, 'output_unavailable')) {
          await producer.end('abort', within(ABORT_TIMEOUT_MS));
        }
        throw error;
      }
      await producer.end('commit', until);
      if (topics.includes(deltaTopic)) await untilSeen(deltaReader, written.deltaOffset, until);
      if (topics.includes(deadLetterTopic)) {
        await untilSeen(deadLetterReader, written.deadLetterOffset, until);
      }
      return written;
    };

    return {
      publish: async ({ deltas, deadLetters }) => {
        if (broken !== null) throw broken;
        const topics = [
          ...(deltas.length > 0 ? [deltaTopic] : []),
          ...(deadLetters.length > 0 ? [deadLetterTopic] : []),
        ];
        if (topics.length === 0) return position;
        try {
          position = await transact(topics, async (until) => ({
            deltaOffset: await write(deltaWriter, deltas, position.deltaOffset, until),
            deadLetterOffset: await write(
              deadLetterWriter,
              deadLetters,
              position.deadLetterOffset,
              until,
            ),
          }));
          return position;
        } catch (error) {
          if (!isHoldfastError(error, 'output_unavailable') && error instanceof HoldfastError) {
            broken = error;
          }
          throw error;
        }
      },
      readDeltas: (fromOffset) => readToEnd(deltaReader, fromOffset, closed.signal),
      readDeadLetters: (fromOffset) => readToEnd(deadLetterReader, fromOffset, closed.signal),
      end,
      close: async () => {
        closed.abort();
        await cluster.close();
      },
    };
  };

  /** Looks at the deltas without opening anything. */
  const look = async <Answer>(
    partition: number,
    ask: (reader: PartitionReader) => Promise<Answer>,
  ): Promise<Answer> => {
    const cluster = kafkaCluster(kafka, [deltaTopic]);
    try {
      return await ask(partitionReader(cluster, deltaTopic, partition, 'output_unavailable'));
    } finally {
      await cluster.close();
    }
  };

  return {
    open,
    lastDelta: (partition) =>
      look(partition, (reader) => lastRecord(reader, new AbortController().signal)),
    isUnderWay: (partition) =>
      look(partition, async (reader) => !(await isWhole(reader, within(timeoutMs)))),
  };
};
