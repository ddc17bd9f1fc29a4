/**
 * The topics on the cluster: created where they are missing, never altered, and held against what
 * the pipeline relies on before it starts.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
// Node does not see this one among the named exports of a CommonJS module.
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { withAdmin } from './admin.ts';
import { BrokerRefusal } from './faults.ts';
import { SPREAD_WITHIN_MS, untilSpread } from './spread.ts';
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
/** Brokers that have many topics to make at once take longer than one that only lags. */
const CREATED_WITHIN_MS = 30_000;

const UNKNOWN_TOPIC = 3;

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
  const topics = plans.map(({ topic }) => topic);
  await untilSpread(() => admin.fetchTopicMetadata({ topics }), CREATED_WITHIN_MS);
};

const mismatchError = (mismatches: readonly string[], cause?: Error): HoldfastError =>
  new HoldfastError('topic_missing', mismatches.join('; '), { cause });

const absent = (): BrokerRefusal => new BrokerRefusal('ListTopics', UNKNOWN_TOPIC);

/**
 * Throws `topic_missing` with every mismatch at once, `input_unavailable`. What exists and is wrong
 * is refused at once, for a broker hears of a topic and its settings in one; what is missing only
 * once it stays so.
 */
export const checkTopics = (kafka: Kafka, names: TopicNames): Promise<void> =>
  withAdmin(kafka, (admin) =>
    untilSpread(async () => {
      const topics = Object.values(names);
      const states = await stateOf(admin, topics);
      const mismatches = topicMismatches(names, states);
      const missing = topics.filter((topic) => !states.has(topic)).length;
      if (mismatches.length > missing) throw mismatchError(mismatches);
      if (missing > 0) throw mismatchError(mismatches, absent());
    }, SPREAD_WITHIN_MS),
  );

/** Creates those that are missing, then checks all. The cluster's default replication holds. */
export const ensureTopics = (options: EnsureTopicsOptions): Promise<void> =>
  withAdmin(options.kafka, async (admin) => {
    const { topics, partitions, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
    const names = Object.values(topics);
    // Others may be creating them just now.
    const present = await untilSpread(() => stateOf(admin, names), CREATED_WITHIN_MS);
    const missing = topicPlans(topics, partitions, maxMessageBytes).filter(
      ({ topic }) => !present.has(topic),
    );
    if (missing.length > 0) await createTopics(admin, missing);
    const all = await untilSpread(async () => {
      const states = await stateOf(admin, names);
      if (states.size < names.length)
        throw mismatchError(topicMismatches(topics, states), absent());
      return states;
    }, CREATED_WITHIN_MS);
    const mismatches = topicMismatches(topics, all);
    if (mismatches.length > 0) throw mismatchError(mismatches);
  });
