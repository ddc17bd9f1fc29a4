/**
 * What of kafkajs carries our own requests: its connections with their TLS and SASL, its metadata,
 * its search for leaders and coordinators. Records go through our own codec, because kafkajs's
 * producer takes ten times as long to encode them and hides whether a failed send was written, and
 * because its consumer jumps in silence from an offset that does not exist.
 *
 * kafkajs hands its cluster object to partition assigners, so this room gets one by asking for a
 * consumer that is never started. Its member `connectionPool` is not in kafkajs's types; kafkajs is
 * pinned, and 2.2.4 is its last release.
 */

import { type Kafka, PartitionAssigners } from 'kafkajs';
import { cursorOf } from './bytes.ts';
import { BrokerRefusal, faultOf, messageOf } from './faults.ts';
import type { Call } from './message.ts';

interface KafkajsRequest {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: {
    readonly decode: (raw: Buffer) => Promise<KafkajsAnswer>;
    readonly parse: (answer: KafkajsAnswer) => Promise<Buffer>;
  };
  /** Refusals are ours to judge, not kafkajs's to log. */
  readonly logResponseError: false;
}

interface KafkajsAnswer {
  readonly raw: Buffer;
  /** What kafkajs then waits before its next request (KIP-219). */
  readonly clientSideThrottleTime: number;
}

interface KafkajsBroker {
  disconnect(): Promise<void>;
  readonly connectionPool: {
    readonly host: string;
    readonly port: number;
    send(request: KafkajsRequest): Promise<Buffer>;
  };
}

interface KafkajsCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  metadata(options: {
    readonly topics: readonly string[];
  }): Promise<{ readonly clusterId: string }>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(
    topic: string,
  ): readonly { readonly partitionId: number; readonly leader: number }[];
  findBroker(node: { readonly nodeId: number }): Promise<KafkajsBroker>;
  findGroupCoordinator(options: {
    readonly groupId: string;
    readonly coordinatorType: number;
  }): Promise<KafkajsBroker>;
  removeBroker(address: { readonly host: string; readonly port: number }): void;
}

/** A broker that can be asked. */
export interface Broker {
  ask<T>(call: Call<T>): Promise<T>;
}

/** The way to the brokers of some topics, with connections of its own. */
export interface Cluster {
  leader(topic: string, partition: number): Promise<Broker>;
  transactionCoordinator(transactionalId: string): Promise<Broker>;
  clusterId(): Promise<string>;
  partitionCount(topic: string): Promise<number>;
  /** After a failure: learns leaders and addresses anew. Never throws; a later call will. */
  lookAgain(): Promise<void>;
  close(): Promise<void>;
}

const TRANSACTION_COORDINATOR = 1;
const LEADER_NOT_AVAILABLE = 5;
const BROKER_NOT_AVAILABLE = 8;
const UNKNOWN_TOPIC_OR_PARTITION = 3;

const clusterOf = (kafka: Kafka): KafkajsCluster => {
  let cluster: unknown;
  kafka.consumer({
    groupId: 'never-started',
    allowAutoTopicCreation: false,
    partitionAssigners: [
      (config) => {
        cluster = config.cluster;
        return PartitionAssigners.roundRobin(config);
      },
    ],
  });
  return cluster as KafkajsCluster;
};

const send = (broker: KafkajsBroker, call: Call<unknown>): Promise<Buffer> =>
  broker.connectionPool.send({
    request: {
      apiKey: call.apiKey,
      apiVersion: call.apiVersion,
      apiName: call.name,
      encode: async () => ({ buf: call.body, buffer: call.body }),
    },
    response: {
      decode: async (raw) => ({
        raw,
        clientSideThrottleTime: raw.readInt32BE(call.throttle === 'first' ? 0 : raw.length - 4),
      }),
      parse: async ({ raw }) => raw,
    },
    logResponseError: false,
  });

/** Connects when it is first used; until that succeeds, every use tries it again. */
export const kafkaCluster = (kafka: Kafka, topics: readonly string[]): Cluster => {
  const cluster = clusterOf(kafka);
  const logger = kafka.logger();
  let closed = false;
  let opening: Promise<void> | null = null;

  /** kafkajs connects again in the midst of a search: what that opens after the close ends with it. */
  const ending = async <T>(use: () => Promise<T>): Promise<T> => {
    try {
      return await use();
    } finally {
      if (closed) await cluster.disconnect();
    }
  };

  const open = (): Promise<void> =>
    ending(async () => {
      await cluster.connect();
      await cluster.addMultipleTargetTopics(topics);
    });

  const using = async <T>(use: () => Promise<T>): Promise<T> => {
    if (closed) throw new Error(`the connection for ${topics.join(', ')} is closed`);
    opening ??= open();
    try {
      await opening;
    } catch (error) {
      opening = null;
      throw error;
    }
    return ending(use);
  };

  const disconnect = (broker: KafkajsBroker): void => {
    const { host, port } = broker.connectionPool;
    broker.disconnect().catch((error: unknown) => {
      logger.debug(`disconnecting from ${host}:${port} failed: ${messageOf(error)}`);
    });
  };

  const dropped = new WeakSet<KafkajsBroker>();
  const drop = (broker: KafkajsBroker): void => {
    const { host, port } = broker.connectionPool;
    dropped.add(broker);
    cluster.removeBroker({ host, port });
  };

  const brokerOf = (broker: KafkajsBroker): Broker => ({
    ask: async (call) => {
      if (dropped.has(broker)) throw new BrokerRefusal(call.name, BROKER_NOT_AVAILABLE);
      let answer: Buffer;
      try {
        answer = await send(broker, call);
      } catch (error) {
        if (faultOf(error) === 'unanswered') drop(broker);
        throw error;
      } finally {
        // Sending connects where it must, and no one else will end that.
        if (closed || dropped.has(broker)) disconnect(broker);
      }
      return call.decode(cursorOf(answer));
    },
  });

  return {
    leader: (topic, partition) =>
      using(async () => {
        await cluster.refreshMetadataIfNecessary();
        const found = cluster
          .findTopicPartitionMetadata(topic)
          .find(({ partitionId }) => partitionId === partition);
        if (found === undefined) throw new BrokerRefusal('Metadata', UNKNOWN_TOPIC_OR_PARTITION);
        if (found.leader < 0) throw new BrokerRefusal('Metadata', LEADER_NOT_AVAILABLE);
        return brokerOf(await cluster.findBroker({ nodeId: found.leader }));
      }),
    transactionCoordinator: (transactionalId) =>
      using(async () =>
        brokerOf(
          await cluster.findGroupCoordinator({
            groupId: transactionalId,
            coordinatorType: TRANSACTION_COORDINATOR,
          }),
        ),
      ),
    clusterId: () => using(async () => (await cluster.metadata({ topics })).clusterId),
    partitionCount: (topic) =>
      using(async () => {
        await cluster.refreshMetadata();
        return cluster.findTopicPartitionMetadata(topic).length;
      }),
    lookAgain: async () => {
      if (closed || opening === null) return;
      try {
        await ending(() => cluster.refreshMetadata());
      } catch (error) {
        logger.debug(`looking for the leaders failed: ${messageOf(error)}`);
      }
    },
    close: async () => {
      closed = true;
      await cluster.disconnect();
    },
  };
};
