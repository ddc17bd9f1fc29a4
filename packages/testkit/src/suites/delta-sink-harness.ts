/** What the contract suite of delta sinks needs of a sink, and outputs to drive it with. */

import { headersOf } from '@holdfast/pipeline/headers.ts';
import type {
  DeltaSink,
  OutputBatch,
  OutputRecord,
  PartitionOutput,
  PublishedRecord,
} from '@holdfast/pipeline/ports.ts';
import { onTestFinished } from 'vitest';

/** A sink with output topics of its own, for one test. */
export interface SinkUnderTest {
  readonly sink: DeltaSink;
  /** Leaves behind what a publisher leaves that dies in the middle of a publish. */
  dieWhilePublishing(partition: number, batch: OutputBatch): Promise<void>;
}

export interface DeltaSinkHarness {
  sink(partitions: number): Promise<SinkUnderTest>;
  close(): Promise<void>;
}

/** An output that is closed at the end of the test. */
export const open = async ({ sink }: SinkUnderTest, partition = 0): Promise<PartitionOutput> => {
  const output = await sink.open(partition);
  onTestFinished(() => output.close());
  return output;
};

/** A record that says its own name. */
export const named = (name: string): OutputRecord => ({
  key: Buffer.from(`key of ${name}`),
  value: Buffer.from(name),
  headers: { 'holdfast-generation': '1', 'holdfast-sequence': name },
});

export const namedAll = (...names: readonly string[]): OutputRecord[] => names.map(named);

export const deltasOf = (...names: readonly string[]): OutputBatch => ({
  deltas: namedAll(...names),
  deadLetters: [],
});

export const nameOf = ({ value }: OutputRecord): string => Buffer.from(value!).toString();

export const readAll = async (
  pages: AsyncIterable<readonly PublishedRecord[]>,
): Promise<readonly PublishedRecord[]> => {
  const records: PublishedRecord[] = [];
  for await (const page of pages) records.push(...page);
  return records;
};

export const deltaNames = async (output: PartitionOutput, fromOffset = 0) =>
  (await readAll(output.readDeltas(fromOffset))).map(nameOf);

export const deadLetterNames = async (output: PartitionOutput, fromOffset = 0) =>
  (await readAll(output.readDeadLetters(fromOffset))).map(nameOf);

/** A record without the class of its bytes, and its headers as the log has them. */
export const plain = (record: OutputRecord) => {
  const { key, value } = record;
  return {
    key: key === null ? null : Buffer.from(key).toString('hex'),
    value: value === null ? null : Buffer.from(value).toString('hex'),
    headers: Object.entries(headersOf(record)),
  };
};

export const offsetsOf = (records: readonly PublishedRecord[]): number[] =>
  records.map(({ offset }) => offset);
