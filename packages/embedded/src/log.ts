/**
 * The input topic in this process: the default of the demo and of unit tests, behind the same port
 * as Kafka's. Forgets all when the process ends.
 */

import type { EventLog, InputRecord } from '@holdfast/pipeline/ports.ts';
import { type Group, group } from './log-group.ts';
import { holdInput } from './log-input.ts';
import { logPartition } from './log-partition.ts';

export interface EmbeddedLogOptions {
  readonly topic: string;
  readonly partitions: number;
  /** The partitioner that the pipeline expects. */
  readonly partitionFor: (key: Uint8Array, partitions: number) => number;
  /**
   * Records kept of each partition once its owner has read them; all of them unless given. What
   * was dropped can't be folded again.
   */
  readonly keep?: number;
}

export interface AppendedRecord extends Omit<InputRecord, 'offset'> {
  /** Without it the key decides; without a key the first partition. */
  readonly partition?: number;
}

export interface EmbeddedLog {
  /** The topic as the members of one group read it; each `subscribe` is a member. */
  inGroup(groupId: string): EventLog;
  append(records: readonly AppendedRecord[]): void;
  /** Uses up an offset that no reader sees, as the end of a transaction does in Kafka. */
  skip(partition: number): void;
  /** Forgets the beginning of a partition, as a topic with a limit on time or size does. */
  truncate(partition: number, beforeOffset: number): void;
}

const RECORDS_PER_POLL = 5_000;
/** Dropping copies what is kept, so it is done once for so many records. */
const DROP_EVERY = 1_024;

let logs = 0;

export const embeddedLog = (options: EmbeddedLogOptions): EmbeddedLog => {
  const { topic, partitions, partitionFor, keep } = options;
  logs += 1;
  const incarnation = `embedded-${logs}/${partitions}`;
  const log = Array.from({ length: partitions }, (_, partition) =>
    logPartition(`${topic}/${partition}`),
  );
  const groups = new Map<string, Group>();

  const drop = (partition: number, kept: number): void => {
    const read = [...groups.values()].map((each) => each.position(partition) ?? 0);
    const { endOffset } = log[partition]!;
    log[partition]!.truncate(Math.min(endOffset - kept, ...(read.length === 0 ? [0] : read)));
  };

  return {
    inGroup: (groupId) => {
      const known = groups.get(groupId);
      const joined =
        known ??
        group(partitions, (partition) =>
          holdInput(log[partition]!, partition, incarnation, RECORDS_PER_POLL),
        );
      groups.set(groupId, joined);
      return {
        topic,
        subscribe: async (handlers) => {
          const membership = joined.join(handlers);
          return { close: () => membership.leave() };
        },
        partitionCount: async () => partitions,
      };
    },
    append: (records) => {
      for (const { partition, ...record } of records) {
        const chosen =
          partition ?? (record.key === null ? 0 : partitionFor(record.key, partitions));
        log[chosen]!.append(record);
        if (keep !== undefined && log[chosen]!.endOffset % DROP_EVERY === 0) drop(chosen, keep);
      }
    },
    skip: (partition) => log[partition]!.skip(),
    truncate: (partition, beforeOffset) => log[partition]!.truncate(beforeOffset),
  };
};
