/**
 * How each topic must be set up, and what is wrong with one that is not. Asks no broker.
 */

export interface TopicNames {
  readonly changes: string;
  readonly deltas: string;
  readonly deadLetters: string;
  readonly metrics: string;
}

/** A topic as the cluster has it. */
export interface TopicState {
  readonly partitions: number;
  /** Settings in force, the cluster's defaults included. */
  readonly settings: ReadonlyMap<string, string>;
}

export interface TopicPlan {
  readonly topic: string;
  readonly partitions: number;
  readonly settings: Readonly<Record<string, string>>;
}

export const CLEANUP = 'cleanup.policy';
export const MAX_MESSAGE = 'max.message.bytes';
const RETENTION_TIME = 'retention.ms';
const RETENTION_SIZE = 'retention.bytes';
const SEGMENT = 'segment.bytes';
const SEGMENT_TIME = 'segment.ms';
const DIRTY = 'min.cleanable.dirty.ratio';
const FUTURE_LIMIT = 'message.timestamp.after.max.ms';

const FOR_EVER = '-1';
/** A dead letter is the record whole and headers that say what is wrong with it. */
const DEAD_LETTER_EXTRA_BYTES = 64 * 1024;
/** What sends.ts makes of any number of deltas, and the batch's own header. */
const DELTA_SEND_BYTES = 512 * 1024 + 64;
const LONGEST = '9223372036854775807';
/** Few keys, and their order matters to who follows the progress of all partitions. */
const METRIC_PARTITIONS = 1;

const KEPT = { [CLEANUP]: 'delete', [RETENTION_TIME]: FOR_EVER, [RETENTION_SIZE]: FOR_EVER };

/** What `ensureTopics` creates where a topic is missing. */
export const topicPlans = (
  names: TopicNames,
  partitions: number,
  maxMessageBytes: number,
): readonly TopicPlan[] => [
  {
    topic: names.changes,
    partitions,
    settings: {
      ...KEPT,
      [MAX_MESSAGE]: String(maxMessageBytes),
      // A record from the future is dead-lettered; the broker refusing it would stop its producer.
      [FUTURE_LIMIT]: LONGEST,
      // Records bring their own time: history of years would be a segment for each week, and a fetch
      // reads no further than its segment.
      [SEGMENT_TIME]: LONGEST,
    },
  },
  { topic: names.deltas, partitions, settings: KEPT },
  {
    topic: names.deadLetters,
    partitions,
    settings: { ...KEPT, [MAX_MESSAGE]: String(maxMessageBytes + DEAD_LETTER_EXTRA_BYTES) },
  },
  {
    topic: names.metrics,
    partitions: METRIC_PARTITIONS,
    // Only closed segments are compacted: small ones, or who starts reading has days to read.
    settings: { [CLEANUP]: 'compact', [SEGMENT]: '16777216', [DIRTY]: '0.1' },
  },
];

/** Every mismatch, a sentence each; none where all is well. */
export const topicMismatches = (
  names: TopicNames,
  states: ReadonlyMap<string, TopicState>,
): readonly string[] => {
  const mismatches: string[] = [];
  const setting = (topic: string, name: string): string =>
    states.get(topic)?.settings.get(name) ?? '';
  const present = (topic: string): boolean => states.has(topic);
  const expect = (holds: boolean, sentence: () => string): void => {
    if (!holds) mismatches.push(sentence());
  };

  for (const topic of Object.values(names)) {
    expect(present(topic), () => `${topic} does not exist`);
  }
  for (const topic of [names.changes, names.deltas, names.deadLetters].filter(present)) {
    for (const [name, wanted] of Object.entries(KEPT)) {
      const found = setting(topic, name);
      expect(found === wanted, () => `${topic} has ${name}=${found}, not ${wanted}`);
    }
  }
  if (present(names.metrics)) {
    const cleanup = setting(names.metrics, CLEANUP);
    expect(
      cleanup.split(',').includes('compact'),
      () => `${names.metrics} has ${CLEANUP}=${cleanup}, not compact`,
    );
  }
  if (present(names.changes)) {
    const { partitions } = states.get(names.changes)!;
    for (const topic of [names.deltas, names.deadLetters].filter(present)) {
      const found = states.get(topic)!.partitions;
      expect(
        found === partitions,
        () => `${topic} has ${found} partitions, ${names.changes} has ${partitions}`,
      );
    }
  }
  const room = (topic: string, needed: number): void => {
    const found = Number(setting(topic, MAX_MESSAGE));
    expect(found >= needed, () => `${topic} has ${MAX_MESSAGE}=${found}, not at least ${needed}`);
  };
  if (present(names.deltas)) room(names.deltas, DELTA_SEND_BYTES);
  if (present(names.deadLetters) && present(names.changes)) {
    room(names.deadLetters, Number(setting(names.changes, MAX_MESSAGE)) + DEAD_LETTER_EXTRA_BYTES);
  }
  return mismatches;
};
