/** What a poll brings: records, their ends, and what no one may see. */

import { expect, test } from 'vitest';
import {
  type EventLogHarness,
  firstBatch,
  named,
  nameOf,
  numbered,
  POLL_MS,
  plain,
  readCount,
  readToEnd,
  soleInput,
} from './event-log-harness.ts';

export const readingTests = (harness: () => EventLogHarness): void => {
  test('records come in the order of their offsets, as they were appended', async () => {
    const topic = await harness().topic(1);
    const appended = [
      named('first'),
      { ...named('no key'), key: null },
      { ...named('tombstone'), value: null },
      { ...named('empty'), key: Buffer.alloc(0), value: Buffer.alloc(0) },
      { ...named('any bytes'), value: Buffer.from([0, 255, 128, 10]) },
      { ...named('earlier than the one before'), timestamp: 1_600_000_000_000 },
    ];
    await topic.append(appended);

    const records = await readToEnd(await soleInput(topic));

    expect(records.map(plain)).toEqual(
      appended.map((record, offset) => plain({ ...record, offset })),
    );
  });

  test('an empty partition polls empty, with its end at its beginning', async () => {
    const input = await soleInput(await harness().topic(1));
    expect(await input.poll(50)).toEqual({ records: [], nextOffset: 0, endOffset: 0 });
  });

  test('a poll that waits gets what is appended meanwhile', async () => {
    const topic = await harness().topic(1);
    const input = await soleInput(topic);
    const polled = firstBatch(input);
    await topic.append([named('late')]);
    expect((await polled).records.map(nameOf)).toEqual(['late']);
  });

  test('a poll after the end was reached brings all that came since', async () => {
    const topic = await harness().topic(1);
    await topic.append([named('known')]);
    const input = await soleInput(topic);
    await readToEnd(input);
    const since = ['first', 'second', 'third'];
    for (const name of since) await topic.append([named(name)]);
    expect((await input.poll(POLL_MS)).records.map(nameOf)).toEqual(since);
  });

  test('the end of the log is the last batch’s next offset', async () => {
    const topic = await harness().topic(1);
    await topic.append(numbered(3));
    const input = await soleInput(topic);
    await readToEnd(input);
    expect(await input.poll(50)).toEqual({ records: [], nextOffset: 3, endOffset: 3 });
  });

  test('a record of 2 MB comes whole between small ones', async () => {
    const topic = await harness().topic(1);
    const large = { ...named('large'), value: Buffer.alloc(2_000_000, 'large ') };
    await topic.append([named('before')]);
    await topic.append([large]);
    await topic.append([named('after')]);

    const records = await readCount(await soleInput(topic), 3);

    expect(records.map(nameOf).map((name) => name.slice(0, 6))).toEqual([
      'before',
      'large ',
      'after',
    ]);
    expect(Buffer.from(records[1]!.value!).equals(large.value)).toBe(true);
  });

  test('a log that ends with the end of a transaction is read to its end', async () => {
    const topic = await harness().topic(1);
    await topic.transact([named('one'), named('two')], 'commit');
    const input = await soleInput(topic);

    const records = await readToEnd(input);

    expect(records.map(nameOf)).toEqual(['one', 'two']);
    const { nextOffset, endOffset } = await input.poll(50);
    expect(nextOffset).toBe(endOffset);
    expect(endOffset).toBeGreaterThan(2);
  });

  test('what was appended in an aborted transaction is never seen, what follows is', async () => {
    const topic = await harness().topic(1);
    await topic.transact([named('committed')], 'commit');
    await topic.transact([named('aborted'), named('aborted too')], 'abort');
    const input = await soleInput(topic);
    expect((await readToEnd(input)).map(nameOf)).toEqual(['committed']);
    const { nextOffset, endOffset } = await input.poll(50);
    expect(nextOffset).toBe(endOffset);

    await topic.append([named('after')]);

    expect((await readCount(input, 1)).map(nameOf)).toEqual(['after']);
  });

  test('nothing is lost or seen twice over many transactions of either end', async () => {
    const topic = await harness().topic(1);
    const committed: string[] = [];
    for (let number = 0; number < 30; number += 1) {
      const end = number % 3 === 1 ? 'abort' : 'commit';
      const records = numbered(1 + (number % 4)).map((record) => ({
        ...record,
        value: Buffer.from(`${number}: ${Buffer.from(record.value!)}`),
      }));
      if (end === 'commit') {
        committed.push(...records.map(({ value }) => Buffer.from(value!).toString()));
      }
      await topic.transact(records, end);
    }

    const records = await readToEnd(await soleInput(topic));

    expect(records.map(nameOf)).toEqual(committed);
    const offsets = records.map(({ offset }) => offset);
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
  });
};
