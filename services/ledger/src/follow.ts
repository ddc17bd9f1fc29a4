/**
 * Reads `arr-deltas` as any subscriber does, from where the ledger stands, and tells it how far each
 * partition is complete: by the boundaries in the headers whenever a partition is read to its end,
 * and by the progress on `retention-metrics`, which moves on while no delta comes.
 */

import type { DeltaCodec, MetricCodec, WriterLearning } from '@holdfast/contracts/codec.ts';
import type { KeyedTopic } from '@holdfast/kafka/keyed-topic.ts';
import type { Intake } from '@holdfast/ledger/intake.ts';
import { HEADERS, numberHeader } from '@holdfast/pipeline/headers.ts';
import type { Clock, OutputReader, PublishedRecord } from '@holdfast/pipeline/ports.ts';

const LOOK_EVERY_MS = 200;

export interface Following {
  readonly clock: Pick<Clock, 'wait'>;
  readonly stop: AbortSignal;
  /** Tries a round again while the log is out of reach. */
  readonly patiently: <Answer>(round: () => Promise<Answer>) => Promise<Answer>;
}

/** Learns what schemas the values were written with, then reads them. */
async function decodeAll<Read>(
  codec: { decode(value: Uint8Array): Read } & WriterLearning,
  records: readonly PublishedRecord[],
): Promise<readonly Read[]> {
  const values = records.flatMap(({ value }) => (value === null ? [] : [value]));
  for (const value of values) if (!codec.knows(value)) await codec.learn(value);
  return values.map((value) => codec.decode(value));
}

/** Rejects with what can't be helped; resolves once `stop` is raised. */
export async function followDeltas(
  reader: Pick<OutputReader, 'readDeltas'>,
  codec: Pick<DeltaCodec, 'decode'> & WriterLearning,
  intake: Intake,
  partition: number,
  { clock, stop, patiently }: Following,
): Promise<void> {
  /** Of the last commit, once all of it is read. */
  let asOf: number | undefined;
  let inputOffset: number | undefined;
  const readOn = async (): Promise<void> => {
    for await (const page of reader.readDeltas(partition, intake.position(partition).nextOffset)) {
      const last = page.at(-1) as PublishedRecord;
      await intake.take(partition, await decodeAll(codec, page), last.offset + 1);
      asOf = numberHeader(last, HEADERS.asOf);
      inputOffset = numberHeader(last, HEADERS.nextOffset);
      if (stop.aborted) return;
    }
    if (asOf === undefined || inputOffset === undefined) return;
    // A commit is one transaction, so that what can be read now is of whole ones.
    const { nextSequence } = intake.position(partition);
    intake.complete(partition, { asOf, inputOffset, nextSequence });
    asOf = undefined;
  };
  while (!stop.aborted) {
    await patiently(readOn);
    await clock.wait(LOOK_EVERY_MS, stop);
  }
}

/** As `followDeltas`. */
export async function followProgress(
  topic: Pick<KeyedTopic, 'read'>,
  codec: Pick<MetricCodec, 'decode'> & WriterLearning,
  intake: Intake,
  partitions: number,
  { clock, stop, patiently }: Following,
): Promise<void> {
  const readOn = async (): Promise<void> => {
    for await (const page of topic.read()) {
      for (const metric of await decodeAll(codec, page)) {
        if (metric.type !== 'partition_progress' || metric.partition >= partitions) continue;
        const { partition, asOf, sequence, nextOffset: inputOffset } = metric;
        intake.complete(partition, { asOf, inputOffset, nextSequence: sequence + 1 });
      }
      if (stop.aborted) return;
    }
  };
  while (!stop.aborted) {
    await patiently(readOn);
    await clock.wait(LOOK_EVERY_MS, stop);
  }
}
