import { partitionFor } from '@holdfast/kafka/partitioner.ts';
import type { PartitionInput } from '@holdfast/pipeline/ports.ts';
import { eventLogSuite } from '@holdfast/testkit/suites/event-log-suite.ts';
import { expect, test } from 'vitest';
import { embeddedLog } from './log.ts';

eventLogSuite('embedded', async () => ({
  topic: async (partitions) => {
    const log = embeddedLog({ topic: 'changes', partitions, partitionFor });
    return {
      log: log.inGroup('group'),
      append: async (records) => log.append(records),
      transact: async (records, end) => {
        for (const record of records) {
          if (end === 'commit') log.append([record]);
          else log.skip(record.partition);
        }
        log.skip(records[0]!.partition);
      },
      truncate: async (partition, beforeOffset) => log.truncate(partition, beforeOffset),
    };
  },
  close: async () => {},
}));

test('what was read is dropped beyond what is to be kept, what was not read never is', async () => {
  const log = embeddedLog({ topic: 'changes', partitions: 1, partitionFor, keep: 100 });
  const record = { key: null, value: Buffer.from('value'), timestamp: 0 };
  const append = () => log.append(Array.from({ length: 3_000 }, () => record));
  append();
  let input: PartitionInput | undefined;
  const subscription = await log.inGroup('group').subscribe({
    assigned: (assigned) => {
      input = assigned;
    },
    revoked: async () => {},
    failed: () => {},
  });
  const first = await input!.identify();
  expect(first).toMatchObject({ startOffset: 0, endOffset: 3_000 });

  let read = 0;
  for (let round = 0; round < 5; round += 1) {
    for (;;) {
      const { records } = await input!.poll(0);
      read += records.length;
      if (records.length === 0) break;
    }
    append();
  }

  const { incarnation, startOffset, endOffset } = await input!.identify();
  expect(read).toBe(15_000);
  expect(incarnation).toBe(first.incarnation);
  expect(endOffset).toBe(18_000);
  expect(startOffset).toBeGreaterThan(14_000);
  expect(startOffset).toBeLessThanOrEqual(15_000);
  await subscription.close();
});
