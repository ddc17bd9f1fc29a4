/** What the contract suite of event logs needs of a log, and members of a group to drive it with. */

import type {
  EventLog,
  InputBatch,
  InputRecord,
  InputSubscription,
  PartitionInput,
} from '@holdfast/pipeline/ports.ts';
import { expect, onTestFinished, vi } from 'vitest';

export interface NewRecord extends Omit<InputRecord, 'offset'> {
  readonly partition: number;
}

/** A topic of its own for one test. */
export interface TopicUnderTest {
  /** The topic as one group reads it; each `subscribe` is another member. */
  readonly log: EventLog;
  append(records: readonly NewRecord[]): Promise<void>;
  /** Appends the records, of one partition, in a transaction. */
  transact(records: readonly NewRecord[], end: 'commit' | 'abort'): Promise<void>;
  /** Deletes what lies before the offset. */
  truncate(partition: number, beforeOffset: number): Promise<void>;
}

export interface EventLogHarness {
  topic(partitions: number): Promise<TopicUnderTest>;
  close(): Promise<void>;
}

/** A busy machine and a group that is balanced anew take seconds, never this long. */
export const PATIENCE_MS = 60_000;

/** A poll in a test waits this long; what is there comes at once. */
export const POLL_MS = 2_000;

/** Waits until the expectation holds. */
export const eventually = (expectation: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(expectation, { timeout: PATIENCE_MS, interval: 20 });

let timestamps = 1_700_000_000_000;

/** A record that says its own name. */
export const named = (name: string, partition = 0): NewRecord => {
  timestamps += 1;
  return {
    partition,
    timestamp: timestamps,
    key: Buffer.from(`key of ${name}`),
    value: Buffer.from(name),
  };
};

export const numbered = (count: number, partition = 0): NewRecord[] =>
  Array.from({ length: count }, (_, index) => named(`record ${index}`, partition));

export const nameOf = ({ value }: InputRecord): string =>
  value === null ? 'null' : Buffer.from(value).toString();

/** A record without the class of its bytes, for comparisons. */
export const plain = ({ offset, timestamp, key, value }: InputRecord) => ({
  offset,
  timestamp,
  key: key === null ? null : Buffer.from(key).toString('hex'),
  value: value === null ? null : Buffer.from(value).toString('hex'),
});

/** Polls on from where the input stands until the end that its log has now. */
export const readToEnd = async (input: PartitionInput): Promise<readonly InputRecord[]> => {
  const { endOffset } = await input.identify();
  const records: InputRecord[] = [];
  await eventually(async () => {
    const batch = await input.poll(POLL_MS);
    records.push(...batch.records);
    expect(batch.nextOffset).toBeGreaterThanOrEqual(endOffset);
  });
  return records;
};

/** Polls until so many records came; no more than those may come. */
export const readCount = async (
  input: PartitionInput,
  count: number,
): Promise<readonly InputRecord[]> => {
  const records: InputRecord[] = [];
  await eventually(async () => {
    while (records.length < count) {
      const batch = await input.poll(POLL_MS);
      records.push(...batch.records);
      if (batch.records.length === 0) break;
    }
    expect(records.length).toBeGreaterThanOrEqual(count);
  });
  expect(records.length).toBe(count);
  return records;
};

/** Polls until something comes, or an end that has moved. */
export const firstBatch = async (input: PartitionInput): Promise<InputBatch> => {
  let batch: InputBatch | undefined;
  await eventually(async () => {
    batch = await input.poll(POLL_MS);
    expect(batch.records.length).toBeGreaterThan(0);
  });
  return batch!;
};

/** A member of the topic's group and all that it was told. */
export interface Member {
  /** What it owns now. */
  readonly inputs: ReadonlyMap<number, PartitionInput>;
  /** Partitions in the order in which they were taken away. */
  readonly revoked: readonly number[];
  readonly failures: readonly Error[];
  /** The input of a partition, once the member owns it. */
  input(partition: number): Promise<PartitionInput>;
  close(): Promise<void>;
}

/** Joins the group; leaves it at the end of the test. */
export const join = async (
  { log }: Pick<TopicUnderTest, 'log'>,
  endWork: (partition: number) => Promise<void> = async () => {},
): Promise<Member> => {
  const inputs = new Map<number, PartitionInput>();
  const revoked: number[] = [];
  const failures: Error[] = [];
  let subscription: InputSubscription | null = await log.subscribe({
    assigned: (input) => {
      expect(inputs.has(input.partition), `${input.partition} is assigned once`).toBe(false);
      inputs.set(input.partition, input);
    },
    revoked: async (partition) => {
      expect(inputs.delete(partition), `${partition} was assigned`).toBe(true);
      revoked.push(partition);
      await endWork(partition);
    },
    failed: (error) => failures.push(error),
  });
  const close = async (): Promise<void> => {
    const closing = subscription;
    subscription = null;
    await closing?.close();
  };
  onTestFinished(close);
  return {
    inputs,
    revoked,
    failures,
    input: async (partition) => {
      await eventually(() => expect(inputs.has(partition)).toBe(true));
      return inputs.get(partition)!;
    },
    close,
  };
};

/** The one member of a topic's group, and its only partition, at its beginning. */
export const soleInput = async (topic: TopicUnderTest): Promise<PartitionInput> => {
  const input = await (await join(topic)).input(0);
  input.seek(0);
  return input;
};
