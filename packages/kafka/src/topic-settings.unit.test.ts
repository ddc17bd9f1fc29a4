import { expect, test } from 'vitest';
import { type TopicState, topicMismatches, topicPlans } from './topic-settings.ts';

const NAMES = { changes: 'in', deltas: 'out', deadLetters: 'dead', metrics: 'metrics' };

/** The topics as planned, with what Kafka fills in. */
const planned = (): Map<string, TopicState> =>
  new Map(
    topicPlans(NAMES, 4, 1_000_000).map(({ topic, partitions, settings }) => [
      topic,
      {
        partitions,
        settings: new Map([['max.message.bytes', '1048588'], ...Object.entries(settings)]),
      },
    ]),
  );

const withSetting = (topic: string, name: string, value: string): Map<string, TopicState> => {
  const states = planned();
  const state = states.get(topic)!;
  states.set(topic, { ...state, settings: new Map([...state.settings, [name, value]]) });
  return states;
};

test('topics as planned are well', () => {
  expect(topicMismatches(NAMES, planned())).toEqual([]);
});

test('every mismatch is said, all at once', () => {
  const states = withSetting('in', 'retention.ms', '604800000');
  states.delete('metrics');
  states.set('dead', { ...states.get('dead')!, partitions: 3 });
  expect(topicMismatches(NAMES, states)).toEqual([
    'metrics does not exist',
    'in has retention.ms=604800000, not -1',
    'dead has 3 partitions, in has 4',
  ]);
});

test('nothing but the missing is said where all are missing', () => {
  expect(topicMismatches(NAMES, new Map())).toEqual([
    'in does not exist',
    'out does not exist',
    'dead does not exist',
    'metrics does not exist',
  ]);
});

test.each([
  ['in', 'cleanup.policy', 'compact', 'in has cleanup.policy=compact, not delete'],
  ['out', 'cleanup.policy', 'compact,delete', 'out has cleanup.policy=compact,delete, not delete'],
  ['out', 'retention.bytes', '1000', 'out has retention.bytes=1000, not -1'],
  ['dead', 'retention.ms', '1', 'dead has retention.ms=1, not -1'],
  ['metrics', 'cleanup.policy', 'delete', 'metrics has cleanup.policy=delete, not compact'],
  ['out', 'max.message.bytes', '1000', 'out has max.message.bytes=1000, not at least 524352'],
  [
    'in',
    'max.message.bytes',
    '1000001',
    'dead has max.message.bytes=1065536, not at least 1065537',
  ],
])('%s with %s=%s', (topic, name, value, sentence) => {
  expect(topicMismatches(NAMES, withSetting(topic, name, value))).toEqual([sentence]);
});

test('metrics may be compacted and deleted', () => {
  const states = withSetting('metrics', 'cleanup.policy', 'compact,delete');
  expect(topicMismatches(NAMES, states)).toEqual([]);
});
