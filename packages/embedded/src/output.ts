/**
 * The output topics in this process, behind the same port as Kafka's: a batch is seen whole or not
 * at all, and a newer output of a partition fences the elder. Forgets all when the process ends.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type {
  DeltaSink,
  OutputPosition,
  PartitionOutput,
  PublishedRecord,
} from '@holdfast/pipeline/ports.ts';
import { type OutputPartition, outputPartition } from './output-partition.ts';

export interface EmbeddedDeltaSinkOptions {
  readonly partitions: number;
  /** How many records of each kind are kept in each partition, at least; all unless given. */
  readonly keep?: number;
}

export interface EmbeddedDeltaSink extends DeltaSink {
  /** What a partition keeps, oldest first. */
  deltas(partition: number): readonly PublishedRecord[];
  deadLetters(partition: number): readonly PublishedRecord[];
}

interface Partition {
  /** Counts the outputs opened; only the latest may publish. */
  opened: number;
  readonly deltas: OutputPartition;
  readonly deadLetters: OutputPartition;
}

const PAGE_RECORDS = 1_000;

async function* pages(
  log: OutputPartition,
  fromOffset: number,
): AsyncGenerator<readonly PublishedRecord[]> {
  const records = log.read(fromOffset);
  for (let from = 0; from < records.length; from += PAGE_RECORDS) {
    yield records.slice(from, from + PAGE_RECORDS);
  }
}

const openOutput = (partition: number, log: Partition): PartitionOutput => {
  log.opened += 1;
  const mine = log.opened;
  let position: OutputPosition = {
    deltaOffset: log.deltas.endOffset,
    deadLetterOffset: log.deadLetters.endOffset,
  };
  return {
    publish: async ({ deltas, deadLetters }) => {
      if (deltas.length === 0 && deadLetters.length === 0) return position;
      if (log.opened !== mine) {
        throw new HoldfastError('publish_fenced', `partition ${partition} was opened again`);
      }
      position = {
        deltaOffset: deltas.length === 0 ? position.deltaOffset : log.deltas.append(deltas),
        deadLetterOffset:
          deadLetters.length === 0
            ? position.deadLetterOffset
            : log.deadLetters.append(deadLetters),
      };
      return position;
    },
    readDeltas: (fromOffset) => pages(log.deltas, fromOffset),
    readDeadLetters: (fromOffset) => pages(log.deadLetters, fromOffset),
    end: async () => ({
      deltaOffset: log.deltas.endOffset,
      deadLetterOffset: log.deadLetters.endOffset,
    }),
    close: async () => undefined,
  };
};

export const embeddedDeltaSink = (options: EmbeddedDeltaSinkOptions): EmbeddedDeltaSink => {
  const { partitions, keep = Number.POSITIVE_INFINITY } = options;
  const logs = Array.from(
    { length: partitions },
    (_, partition): Partition => ({
      opened: 0,
      deltas: outputPartition(`deltas/${partition}`, keep),
      deadLetters: outputPartition(`dead letters/${partition}`, keep),
    }),
  );
  return {
    open: async (partition) => openOutput(partition, logs[partition]!),
    lastDelta: async (partition) => logs[partition]!.deltas.kept.at(-1) ?? null,
    // A batch is there at once.
    isUnderWay: async () => false,
    deltas: (partition) => logs[partition]!.deltas.kept,
    deadLetters: (partition) => logs[partition]!.deadLetters.kept,
  };
};
