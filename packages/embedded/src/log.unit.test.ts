import { partitionFor } from '@holdfast/kafka/partitioner.ts';
import { eventLogSuite } from '@holdfast/testkit/suites/event-log-suite.ts';
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
