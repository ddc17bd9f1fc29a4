/** Where a poll starts: seeking, offsets that do not exist, and the identity of the log. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { PartitionInput } from '@holdfast/pipeline/ports.ts';
import { expect, test } from 'vitest';
import {
  type EventLogHarness,
  eventually,
  firstBatch,
  join,
  named,
  nameOf,
  numbered,
  POLL_MS,
  readToEnd,
  soleInput,
} from './event-log-harness.ts';

/** The code that polling ends with. */
const pollError = async (input: PartitionInput): Promise<string> => {
  try {
    await input.poll(POLL_MS);
  } catch (error) {
    if (isHoldfastError(error)) return error.code;
    throw error;
  }
  return 'none';
};

export const positionTests = (harness: () => EventLogHarness): void => {
  test('seeking goes back and forth', async () => {
    const topic = await harness().topic(1);
    await topic.append(numbered(10));
    const input = await soleInput(topic);
    await readToEnd(input);
    for (const offset of [0, 7, 2, 9, 2]) {
      input.seek(offset);
      expect((await firstBatch(input)).records[0]!.offset).toBe(offset);
    }
    input.seek(10);
    expect((await input.poll(50)).records).toEqual([]);
    input.seek(0);
    expect((await readToEnd(input)).length).toBe(10);
  });

  test('a seek right after a poll drops what was read ahead', async () => {
    const topic = await harness().topic(1);
    for (let part = 0; part < 5; part += 1) await topic.append(numbered(1_000));
    const input = await soleInput(topic);
    const first = await firstBatch(input);
    input.seek(3);
    const again = await firstBatch(input);
    expect(again.records[0]!.offset).toBe(3);
    expect(first.records[0]!.offset).toBe(0);
    expect(again.records.map(({ offset }) => offset)).toEqual(
      again.records.map((_, index) => 3 + index),
    );
  });

  test('an offset before the beginning is an error, never a jump', async () => {
    const topic = await harness().topic(1);
    await topic.append(numbered(10));
    const input = await soleInput(topic);
    await topic.truncate(0, 6);
    input.seek(2);
    await eventually(async () => expect(await pollError(input)).toBe('offset_out_of_range'));
    expect(await pollError(input)).toBe('offset_out_of_range');

    input.seek(6);

    expect((await firstBatch(input)).records[0]!.offset).toBe(6);
  });

  test('an offset past the end is an error, never a jump', async () => {
    const topic = await harness().topic(1);
    await topic.append(numbered(10));
    const input = await soleInput(topic);
    input.seek(11);
    expect(await pollError(input)).toBe('offset_out_of_range');
    input.seek(9);
    expect((await firstBatch(input)).records[0]!.offset).toBe(9);
  });

  test('a log keeps its identity while it grows, and says where it begins and ends', async () => {
    const topic = await harness().topic(2);
    await topic.append(numbered(3));
    const member = await join(topic);
    const input = await member.input(0);
    const before = await input.identify();
    expect(before).toMatchObject({ startOffset: 0, endOffset: 3 });

    await topic.append(numbered(2));

    expect(await input.identify()).toEqual({ ...before, endOffset: 5 });
  });

  test('the identity of an empty log is the beginning of the one it has later', async () => {
    const topic = await harness().topic(1);
    const input = await soleInput(topic);
    const empty = await input.identify();
    expect(empty).toMatchObject({ startOffset: 0, endOffset: 0 });
    expect(empty.incarnation).toMatch(/\/$/);

    await topic.append([named('first')]);

    const { incarnation } = await input.identify();
    expect(incarnation.startsWith(empty.incarnation)).toBe(true);
    expect(incarnation).not.toBe(empty.incarnation);
  });

  test('logs with other first records, or in other numbers of partitions, are told apart', async () => {
    const one = await harness().topic(1);
    const other = await harness().topic(1);
    const wider = await harness().topic(2);
    const record = named('first');
    await one.append([record]);
    await other.append([{ ...record, timestamp: record.timestamp + 1 }]);
    await wider.append([record]);
    const incarnations = new Set<string>();
    for (const topic of [one, other, wider]) {
      const input = await (await join(topic)).input(0);
      incarnations.add((await input.identify()).incarnation);
    }
    expect(incarnations.size).toBe(3);
  });

  test('the first record that counts is the first one that can be seen', async () => {
    const topic = await harness().topic(1);
    await topic.transact([named('aborted')], 'abort');
    const input = await soleInput(topic);
    const { incarnation } = await input.identify();
    expect(incarnation).toMatch(/\/$/);

    await topic.append([named('first')]);

    expect((await input.identify()).incarnation.length).toBeGreaterThan(incarnation.length);
    expect((await readToEnd(input)).map(nameOf)).toEqual(['first']);
  });
};
