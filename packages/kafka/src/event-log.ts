/**
 * The input topic on Kafka behind the port `EventLog`: a consumer group says who owns which
 * partition, each owned partition is read on its own, and the position is the caller's alone.
 * A partition that stays across a rebalance goes on undisturbed.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { EventLog, InputHandlers, InputSubscription } from '@holdfast/pipeline/ports.ts';
import type { Kafka } from 'kafkajs';
import { kafkaCluster } from './cluster.ts';
import { faultOf, messageOf } from './faults.ts';
import { joinGroup, type Membership } from './membership.ts';
import { type OwnedInput, ownInput } from './partition-input.ts';
import { SPREAD_WITHIN_MS, untilSpread } from './spread.ts';

export interface KafkaEventLogOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  /** The most a fetch brings, as stored, unless one batch alone is larger. */
  readonly maxBytesPerPartition?: number;
  readonly sessionTimeoutMs?: number;
}

/** Some 7,000 compressed records; 1 MiB would be 60,000 in one batch. */
const MAX_BYTES = 128 * 1024;
/** The least that a broker allows as it comes (`group.min.session.timeout.ms`). */
const SESSION_TIMEOUT_MS = 6_000;
const REPORT_EVERY_MS = 5_000;

export const kafkaEventLog = (options: KafkaEventLogOptions): EventLog => {
  const { kafka, topic, groupId, maxBytesPerPartition = MAX_BYTES } = options;
  const { sessionTimeoutMs = SESSION_TIMEOUT_MS } = options;
  const logger = kafka.logger();

  const subscribe = async (handlers: InputHandlers): Promise<InputSubscription> => {
    const owned = new Map<number, OwnedInput>();
    const leaving = new Map<number, Promise<void>>();
    let wanted: ReadonlySet<number> = new Set();
    let closed = false;

    const give = (partition: number): void => {
      if (!wanted.has(partition) || owned.has(partition) || leaving.has(partition)) return;
      const given = ownInput(kafka, topic, partition, maxBytesPerPartition);
      owned.set(partition, given);
      handlers.assigned(given.input);
    };

    const take = async (partition: number, taken: OwnedInput): Promise<void> => {
      const disconnected = taken.end();
      try {
        await handlers.revoked(partition);
        await disconnected;
      } catch (error) {
        handlers.failed(error instanceof Error ? error : new Error(messageOf(error)));
      }
      leaving.delete(partition);
      give(partition);
    };

    const own = (partitions: readonly number[], kept: boolean): void => {
      if (closed) return;
      wanted = new Set(partitions);
      for (const [partition, taken] of owned) {
        if (kept && wanted.has(partition)) continue;
        owned.delete(partition);
        leaving.set(partition, take(partition, taken));
      }
      for (const partition of wanted) give(partition);
    };

    const reported = new Map<number, number>();
    const report = async (membership: Membership): Promise<void> => {
      const moved = new Map<number, number>();
      for (const [partition, each] of owned) {
        const position = each.handedOut();
        if (position !== null && position !== reported.get(partition))
          moved.set(partition, position);
      }
      if (moved.size === 0) return;
      try {
        await membership.report(moved);
        for (const [partition, position] of moved) reported.set(partition, position);
      } catch (error) {
        logger.debug(`positions were not reported to the group: ${messageOf(error)}`);
      }
    };

    const membership = await joinGroup(
      kafka,
      { topic, groupId, sessionTimeoutMs },
      { assigned: own, failed: handlers.failed },
    );
    const reporting = setInterval(() => void report(membership), REPORT_EVERY_MS);

    return {
      close: async () => {
        own([], false);
        closed = true;
        clearInterval(reporting);
        await Promise.all(leaving.values());
        await membership.leave();
      },
    };
  };

  const partitionCount = async (): Promise<number> => {
    const cluster = kafkaCluster(kafka, [topic]);
    try {
      return await untilSpread(() => cluster.partitionCount(topic), SPREAD_WITHIN_MS);
    } catch (error) {
      throw new HoldfastError(
        faultOf(error) === 'missing' ? 'topic_missing' : 'input_unavailable',
        `${topic}: ${messageOf(error)}`,
        { cause: error },
      );
    } finally {
      await cluster.close();
    }
  };

  return { topic, subscribe, partitionCount };
};
