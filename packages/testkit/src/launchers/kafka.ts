/**
 * `startKafka`: a private Kafka 4.3 cluster for a test or the local stack; in containers where a
 * Docker engine answers, else as native processes.
 */

import { randomBytes } from 'node:crypto';
import { dockerAnswers } from './docker.ts';
import { startKafkaInDocker } from './kafka-docker.ts';
import { closeLinks, startLinks } from './kafka-links.ts';
import { startKafkaNatively } from './kafka-native.ts';
import type { Properties } from './kafka-properties.ts';
import type { Kafka } from './server.ts';

export interface KafkaOptions {
  /** How many nodes, each broker and controller; 1 unless given. Three survive the loss of one. */
  readonly brokers?: number;
  /** Ways to the cluster through proxies, beside the plain one; none unless given. */
  readonly links?: number;
  /** Broker properties that differ from `brokerProperties`. */
  readonly properties?: Properties;
}

/** A cluster's id is 16 bytes in URL-safe base64; new each time, for offsets belong to it. */
const newClusterId = (): string => randomBytes(16).toString('base64url');

/**
 * Starts a cluster that serves when this resolves. Throws `service_missing` where neither way is
 * open, `service_failed` with the end of the log where a broker does not come up.
 */
export const startKafka = async (options: KafkaOptions = {}): Promise<Kafka> => {
  const { brokers = 1, links: ways = 0, properties = {} } = options;
  const start = (await dockerAnswers()) ? startKafkaInDocker : startKafkaNatively;
  const links = await startLinks(ways, brokers);
  try {
    const kafka = await start(newClusterId(), brokers, links, properties);
    const stop = async (): Promise<void> => {
      await kafka.stop();
      await closeLinks(links);
    };
    return { ...kafka, links, stop };
  } catch (error) {
    await closeLinks(links);
    throw error;
  }
};
