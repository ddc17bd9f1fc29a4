/** Who reads what: members that come and go, and what each is told. */

import type { InputRecord, PartitionInput } from '@holdfast/pipeline/ports.ts';
import { expect, test } from 'vitest';
import {
  type EventLogHarness,
  eventually,
  join,
  type Member,
  named,
  nameOf,
  numbered,
  POLL_MS,
  readCount,
} from './event-log-harness.ts';

const PARTITIONS = 4;

/** Every partition has exactly one owner among the members. */
const allOwnedOnce = (members: readonly Member[], partitions: number): void => {
  const owned = members.flatMap(({ inputs }) => [...inputs.keys()]);
  expect(owned.sort()).toEqual(Array.from({ length: partitions }, (_, index) => index));
};

/** Reads on until told to stop. */
const keepReading = (input: PartitionInput) => {
  const names: string[] = [];
  let stopped = false;
  const ended = (async () => {
    while (!stopped) names.push(...(await input.poll(50)).records.map(nameOf));
  })();
  return {
    names,
    stop: async () => {
      stopped = true;
      await ended;
    },
  };
};

export const groupTests = (harness: () => EventLogHarness): void => {
  test('the topic says how many partitions it has', async () => {
    const { log } = await harness().topic(3);
    expect(await log.partitionCount()).toBe(3);
  });

  test('a sole member owns every partition and reads each on its own', async () => {
    const topic = await harness().topic(PARTITIONS);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      await topic.append([named(`in ${partition}`, partition)]);
    }
    const member = await join(topic);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const input = await member.input(partition);
      input.seek(0);
      expect((await readCount(input, 1)).map(nameOf)).toEqual([`in ${partition}`]);
    }
  });

  test('a second member gets a share; what stays is not revoked and reads on', async () => {
    const topic = await harness().topic(PARTITIONS);
    const first = await join(topic);
    await eventually(() => allOwnedOnce([first], PARTITIONS));
    const held = new Map(first.inputs);
    const readers = new Map(
      [...held].map(([partition, input]) => {
        input.seek(0);
        return [partition, keepReading(input)];
      }),
    );

    const second = await join(topic);
    await eventually(() => {
      allOwnedOnce([first, second], PARTITIONS);
      expect(second.inputs.size).toBeGreaterThan(0);
      expect(first.inputs.size).toBeGreaterThan(0);
    });

    for (const partition of held.keys()) {
      expect(first.revoked.includes(partition)).toBe(!first.inputs.has(partition));
    }
    const names: string[] = [];
    for (const [partition, input] of first.inputs) {
      expect(input).toBe(held.get(partition));
      await topic.append([named(`to ${partition}`, partition)]);
      names.push(`to ${partition}`);
    }
    await eventually(() => {
      const read = [...first.inputs.keys()].flatMap((each) => readers.get(each)!.names);
      expect(read.sort()).toEqual(names.sort());
    });
    for (const reader of readers.values()) await reader.stop();
    expect(first.failures).toEqual([]);
  });

  test('polls of a partition that was taken away end empty', async () => {
    const topic = await harness().topic(2);
    const first = await join(topic);
    await eventually(() => allOwnedOnce([first], 2));
    const held = new Map(first.inputs);
    const polls = [...held.values()].map((input) => input.poll(60_000));
    const second = await join(topic);
    await eventually(() => allOwnedOnce([first, second], 2));
    await eventually(() => expect(first.revoked.length).toBe(1));
    const [lost] = first.revoked;

    expect((await polls[[...held.keys()].indexOf(lost!)]!).records).toEqual([]);

    await topic.append([named('for the second', lost)]);
    expect((await held.get(lost!)!.poll(50)).records).toEqual([]);
    const input = await second.input(lost!);
    input.seek(0);
    expect((await readCount(input, 1)).map(nameOf)).toEqual(['for the second']);
    await first.close();
    await Promise.all(polls);
  });

  test('when a member leaves, the other gets all', async () => {
    const topic = await harness().topic(PARTITIONS);
    const first = await join(topic);
    const second = await join(topic);
    await eventually(() => {
      allOwnedOnce([first, second], PARTITIONS);
      expect(first.inputs.size).toBe(2);
    });

    await first.close();

    await eventually(() => allOwnedOnce([second], PARTITIONS));
    expect(first.inputs.size).toBe(0);
    for (const [partition, input] of second.inputs) {
      await topic.append([named(`to ${partition}`, partition)]);
      input.seek(0);
      expect((await readCount(input, 1)).map(nameOf)).toEqual([`to ${partition}`]);
    }
  });

  test('a member that closes is told of every partition, and work on each has ended', async () => {
    const topic = await harness().topic(2);
    const ended: number[] = [];
    const member = await join(topic, async (partition) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended.push(partition);
    });
    await eventually(() => allOwnedOnce([member], 2));
    await member.close();
    expect(ended.sort()).toEqual([0, 1]);
    expect([...member.revoked].sort()).toEqual([0, 1]);
  });

  test('closing ends polls that wait', async () => {
    const topic = await harness().topic(1);
    const member = await join(topic);
    const input = await member.input(0);
    const polled = input.poll(600_000);
    await member.close();
    expect((await polled).records).toEqual([]);
    expect((await input.poll(600_000)).records).toEqual([]);
  });

  test('a partition that no one polls holds up no other, and has lost nothing', async () => {
    const topic = await harness().topic(2);
    const RECORDS = 2_000;
    await topic.append([...numbered(RECORDS, 0), ...numbered(RECORDS, 1)]);
    const member = await join(topic);
    const idle = await member.input(0);
    const busy = await member.input(1);
    idle.seek(0);
    busy.seek(0);
    const before: readonly InputRecord[] = (await idle.poll(POLL_MS)).records;

    expect((await readCount(busy, RECORDS)).length).toBe(RECORDS);
    await topic.append([named('later', 1)]);
    expect((await readCount(busy, 1)).map(nameOf)).toEqual(['later']);

    const rest = await readCount(idle, RECORDS - before.length);
    expect([...before, ...rest].map(({ offset }) => offset)).toEqual(
      Array.from({ length: RECORDS }, (_, offset) => offset),
    );
  });
};
