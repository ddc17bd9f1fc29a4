/**
 * The topics on the cluster: created where they are missing, never altered, and held against what
 * the pipeline relies on before it starts.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
// Node does not see this one among the named exports of a CommonJS module.
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { withAdmin } from './admin.ts';
import { BrokerRefusal, faultOf, passes } from './faults.ts';
import { persist, within } from './patience.ts';
import {
  type TopicNames,
  type TopicPlan,
  type TopicState,
  topicMismatches,
  topicPlans,
} from './topic-settings.ts';

export interface EnsureTopicsOptions {
  readonly kafka: Kafka;
  readonly topics: TopicNames;
  /** Of the input, and so of deltas and dead letters. */
  readonly partitions: number;
  /** The largest record of the input; Kafka's own default unless given. */
  readonly maxMessageBytes?: number;
}

/** Kafka's default: 1 MiB and the head of a batch. */
const MAX_MESSAGE_BYTES = 1_048_588;
/** Brokers learn of a new topic one after the other. */
const SPREAD_TIMEOUT_MS = 30_000;
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 500;

const UNKNOWN_TOPIC = 3;

/** Each question goes to any of the brokers: to one that has heard of a topic, or has not. */
const untilSpread = <T>(attempt: () => Promise<T>): Promise<T> =>
  persist(attempt, {
    until: within(SPREAD_TIMEOUT_MS),
    passes: (error) => passes(error) || faultOf(error) === 'missing',
    between: async () => {},
    firstWaitMs: FIRST_WAIT_MS,
    longestWaitMs: LONGEST_WAIT_MS,
  });

const stateOf = async (
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, TopicState>> => {
  const known = new Set(await admin.listTopics());
  const present = names.filter((name) => known.has(name));
  if (present.length === 0) return new Map();
  const { topics } = await admin.fetchTopicMetadata({ topics: present });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: present.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    topics.map(({ name, partitions }) => {
      const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries;
      const settings = new Map((entries ?? []).map((each) => [each.configName, each.configValue]));
      return [name, { partitions: partitions.length, settings }];
    }),
  );
};

/** Creates topics, unless they exist, and waits until they can be written to. */
export const createTopics = async (admin: Admin, plans: readonly TopicPlan[]): Promise<void> => {
  await admin.createTopics({
    // kafkajs's own waiting fails where the broker asked has not heard of the topic yet.
    waitForLeaders: false,
    topics: plans.map(({ topic, partitions, settings }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: -1,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    })),
  });
  await untilSpread(() => admin.fetchTopicMetadata({ topics: plans.map(({ topic }) => topic) }));
};

const check = (names: TopicNames, states: ReadonlyMap<string, TopicState>): void => {
  const mismatches = topicMismatches(names, states);
  if (mismatches.length > 0) throw new HoldfastError('topic_missing', mismatches.join('; '));
};

/** Throws `topic_missing` with every mismatch at once, `input_unavailable`. */
export const checkTopics = (kafka: Kafka, names: TopicNames): Promise<void> =>
  withAdmin(kafka, async (admin) => check(names, await stateOf(admin, Object.values(names))));

/** Creates those that are missing, then checks all. The cluster's default replication holds. */
export const ensureTopics = (options: EnsureTopicsOptions): Promise<void> =>
  withAdmin(options.kafka, async (admin) => {
    const { topics, partitions, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
    const names = Object.values(topics);
    // Others may be creating them just now.
    const present = await untilSpread(() => stateOf(admin, names));
    const missing = topicPlans(topics, partitions, maxMessageBytes).filter(
      ({ topic }) => !present.has(topic),
    );
    if (missing.length > 0) await createTopics(admin, missing);
    const all = await untilSpread(async () => {
      const states = await stateOf(admin, names);
      if (states.size < names.length) throw new BrokerRefusal('ListTopics', UNKNOWN_TOPIC);
      return states;
    });
    check(topics, all);
  });
