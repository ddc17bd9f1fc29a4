/**
 * Membership of a consumer group, and nothing else: which partitions of the topic are this
 * member's. kafkajs joins, balances and sends heartbeats; it fetches nothing, for every partition
 * is paused in it as soon as it is assigned, so that no slow worker can stop a heartbeat and each
 * partition is read on its own (partition-input.ts).
 */

import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Kafka } from 'kafkajs';
import { faultOf, messageOf } from './faults.ts';
import { SPREAD_WITHIN_MS, untilSpread } from './spread.ts';

export interface MembershipOptions {
  readonly topic: string;
  readonly groupId: string;
  /** After so long without a heartbeat the group gives this member's partitions to others. */
  readonly sessionTimeoutMs: number;
}

export interface MembershipHandlers {
  /**
   * All partitions of this member, after every balancing. `kept`: no one else can have owned those
   * that it had before and has still.
   */
  readonly assigned: (partitions: readonly number[], kept: boolean) => void;
  /** The group can't be joined, and trying again will not help. */
  readonly failed: (error: Error) => void;
}

export interface Membership {
  /** Tells the group where its partitions are, for the operators' lag tools only. */
  report(positions: ReadonlyMap<number, number>): Promise<void>;
  leave(): Promise<void>;
}

const REBALANCE_TIMEOUT_MS = 30_000;
/** A rebalance waits about as long: each member learns of it by its next heartbeat. */
const HEARTBEAT_MS = 250;
/** How often kafkajs looks whether a heartbeat is due while it fetches nothing. */
const IDLE_MS = 100;
const JOIN_AGAIN_MS = 500;

const subscribeError = (topic: string, error: unknown): HoldfastError =>
  faultOf(error) === 'missing'
    ? new HoldfastError('topic_missing', `${topic} does not exist`, { cause: error })
    : new HoldfastError('input_unavailable', `${topic}: ${messageOf(error)}`, { cause: error });

/** Resolves once the group is asked for; what it answers goes to the handlers. */
export const joinGroup = async (
  kafka: Kafka,
  { topic, groupId, sessionTimeoutMs }: MembershipOptions,
  handlers: MembershipHandlers,
): Promise<Membership> => {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: IDLE_MS,
    allowAutoTopicCreation: false,
    retry: { restartOnFailure: async () => !leaving },
  });
  /**
   * Whether this member took part in every balancing of the group since its last one: it is known
   * by the same id, and the way to this one was called and answered once. Otherwise the group may
   * have given its partitions to others in between, unseen.
   */
  let memberId = '';
  /** From a restart of kafkajs's own until it has joined or crashed again; null otherwise. */
  let restarting: PromiseWithResolvers<void> | null = null;
  let leaving = false;
  const restarted = (): void => {
    restarting?.resolve();
    restarting = null;
  };
  let rebalances = 0;
  let joins = 0;
  consumer.on(consumer.events.REBALANCING, () => {
    rebalances += 1;
  });
  consumer.on(consumer.events.REQUEST, ({ payload }) => {
    if (payload.apiName === 'JoinGroup') joins += 1;
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    consumer.pause([{ topic }]);
    restarted();
    const kept = payload.memberId === memberId && rebalances <= 1 && joins === 1;
    memberId = payload.memberId;
    rebalances = 0;
    joins = 0;
    handlers.assigned(payload.memberAssignment[topic] ?? [], kept);
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    // kafkajs has left the group by now; where it starts anew, another join follows.
    handlers.assigned([], false);
    restarted();
    if (leaving) return;
    const fault = faultOf(payload.error);
    if (!payload.restart && (fault === 'missing' || fault === 'denied')) {
      handlers.failed(subscribeError(topic, payload.error));
      return;
    }
    restarting = Promise.withResolvers<void>();
    if (!payload.restart) void joinAgain();
  });
  const run = (): Promise<void> =>
    consumer.run({
      autoCommit: false,
      eachBatch: async () => {
        throw new Error('kafkajs fetched from a paused partition');
      },
    });
  /** kafkajs gives up for good where a coordinator can't be found, as while brokers start. */
  const joinAgain = async (): Promise<void> => {
    await sleep(JOIN_AGAIN_MS);
    if (leaving) restarted();
    else await run().catch(handlers.failed);
  };
  try {
    await consumer.connect();
    await untilSpread(() => consumer.subscribe({ topic }), SPREAD_WITHIN_MS);
    await run();
  } catch (error) {
    await consumer.disconnect();
    throw subscribeError(topic, error);
  }
  return {
    report: (positions) =>
      consumer.commitOffsets(
        [...positions].map(([partition, position]) => ({
          topic,
          partition,
          offset: String(position),
        })),
      ),
    leave: async () => {
      leaving = true;
      // kafkajs can't be stopped on its way into the group: it would be a member for ever after.
      await restarting?.promise;
      // It counts as a member once whoever waits for its joining has run.
      await setImmediate();
      await consumer.disconnect();
    },
  };
};
