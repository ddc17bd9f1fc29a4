/**
 * What a processor computes for each event, with neither Kafka nor Redis: the step, which decodes, the packed
 * commit and the encoded output batch, each beside the others, in nanoseconds of the CPU.
 *
 *   pnpm bench:step [--events 500000] [--customers 100000] [--partitions 4]
 */

import { parseArgs } from 'node:util';
import { avroChangeCodec, avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import { avroDeltaCodec } from '@holdfast/contracts/avro-delta.ts';
import { schemaText } from '@holdfast/contracts/schemas.ts';
import { emptyAggregates } from '@holdfast/domain/aggregates.ts';
import { losses } from '@holdfast/domain/losses.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { compileRules, momentAt } from '@holdfast/domain/rules.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { partitionFor } from '@holdfast/kafka/partitioner.ts';
import { encodeRecordBatch } from '@holdfast/kafka/record-batch.ts';
import { counters } from '@holdfast/pipeline/counters.ts';
import { customerCache } from '@holdfast/pipeline/customer-cache.ts';
import { apply, type Machine, type Partition } from '@holdfast/pipeline/partition.ts';
import type { InputRecord, PartitionStore } from '@holdfast/pipeline/ports.ts';
import { readableBatch } from '@holdfast/pipeline/read-change.ts';
import { step } from '@holdfast/pipeline/step.ts';
import { commitArguments } from '@holdfast/redis/commit-arguments.ts';
import { workload } from '@holdfast/simulation/workload.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '500000' },
    customers: { type: 'string', default: '100000' },
    partitions: { type: 'string', default: '4' },
  },
});
const events = Number(values.events);
const customers = Number(values.customers);
const partitions = Number(values.partitions);
const BATCH = 5_000;
const YEAR_MS = 365 * 86_400_000;
const AS_OF = Date.UTC(2026, 5, 15);

const schemas = { 1: 'subscription-changed', 2: 'customer-changed' } as const;
const codec = avroChangeCodec({ fetch: async (id) => schemaText(schemas[id as 1 | 2]) });
const encode = avroChangeEncoder({ subscriptionChanged: 1, customerChanged: 2 });
const rules = compileRules(DEFAULT_POLICY);
const machine: Machine = {
  rules,
  changes: codec,
  deltas: avroDeltaCodec({ arrDelta: 3, customerClassified: 4 }),
  topic: 'subscription-changes',
  generation: '1',
  partitionFor: (key) => partitionFor(key, partitions),
};

/** Records of one partition in few large buffers, so that the collector has nothing to do with them. */
interface Log {
  length: number;
  readonly slice: (from: number, to: number) => InputRecord[];
  readonly push: (record: Omit<InputRecord, 'offset'>) => void;
}

function logOf(): Log {
  const bytes = Buffer.allocUnsafe((events / partitions) * 200 + 1_000_000);
  const at = new Float64Array(events * 2 + 2);
  const timestamps = new Float64Array(events);
  let end = 0;
  const log: Log = {
    length: 0,
    push: ({ key, value, timestamp }) => {
      timestamps[log.length] = timestamp;
      bytes.set(key as Uint8Array, end);
      end += (key as Uint8Array).length;
      at[2 * log.length + 1] = end;
      bytes.set(value as Uint8Array, end);
      end += (value as Uint8Array).length;
      at[2 * log.length + 2] = end;
      log.length += 1;
    },
    slice: (from, to) =>
      Array.from({ length: Math.min(to, log.length) - from }, (_, each) => {
        const offset = from + each;
        const [start, middle, last] = at.subarray(2 * offset, 2 * offset + 3);
        return {
          offset,
          timestamp: timestamps[offset] as number,
          key: bytes.subarray(start, middle),
          value: bytes.subarray(middle, last),
        };
      }),
  };
  return log;
}

const logs = Array.from({ length: partitions }, logOf);
for (const record of workload({
  seed: 1,
  customers,
  events,
  from: instant(AS_OF - YEAR_MS),
  until: instant(AS_OF),
})) {
  const key = Buffer.from(record.customerId);
  const log = logs[partitionFor(key, partitions)] as Log;
  log.push({ timestamp: record.recordedAt, key, value: encode(record) });
}

const store = {
  readCustomers: async () => [],
  readDue: async () => [],
} as unknown as PartitionStore;
const owned = logs.map(
  (_, partition): Partition => ({
    partition,
    store,
    epoch: 1,
    aggregates: emptyAggregates(rules),
    losses: losses(rules),
    counters: counters(new Map()),
    cache: customerCache(1_000_000),
    claimedEnd: 0,
    dead: new Map(),
    incarnation: 'bench',
    commitNumber: 0,
    nextOffset: 0,
    moment: momentAt(rules, AS_OF),
    firstDue: null,
    nextSequence: 0,
    lastRecordAt: 0,
    inputEnd: 0,
    caughtUp: false,
    acknowledged: { commit: 0, output: { deltaOffset: 0, deadLetterOffset: 0 } },
    storedAcknowledgement: 0,
  }),
);

const spent = { step: 0, commit: 0, output: 0 };
const time = <Answer>(stage: keyof typeof spent, work: () => Answer): Answer => {
  const started = performance.now();
  const answer = work();
  spent[stage] += performance.now() - started;
  return answer;
};
const started = process.cpuUsage();
let bytes = 0;
for (let from = 0; logs.some((log) => from < log.length); from += BATCH) {
  for (const partition of owned) {
    const log = logs[partition.partition] as Log;
    const records = log.slice(from, from + BATCH);
    if (records.length === 0) continue;
    const nextOffset = from + records.length;
    const at = performance.now();
    const readable = await readableBatch(machine, partition.partition, {
      records,
      nextOffset,
      endOffset: log.length,
    });
    const next = await step(machine, partition, readable, AS_OF, 'id');
    spent.step += performance.now() - at;
    const layout = { bucketsBefore: 1_000, bucketsAfter: 1_000 };
    const place = { chunks: 1, bytesAhead: 0, inline: next.commit.outbox };
    const { args } = time('commit', () => commitArguments(next.commit, [], layout, place));
    bytes += (args.at(-1) as Buffer).length;
    const { deltas } = next.publish;
    if (deltas.length > 0) {
      const batch = time('output', () =>
        encodeRecordBatch(
          deltas.map((delta) => ({ ...delta, timestamp: AS_OF })),
          {
            producerId: 1,
            producerEpoch: 0,
            sequence: 0,
            transactional: true,
            compression: 'none',
          },
        ),
      );
      bytes += batch.length;
    }
    apply(partition, next, null);
    partition.cache.trim();
  }
}
const { user, system } = process.cpuUsage(started);
const each = (ms: number): string => ((ms * 1e3) / events).toFixed(2).padStart(7);
for (const [stage, ms] of Object.entries(spent)) {
  console.log(`${stage.padEnd(7)} ${each(ms)} us an event`);
}
console.log(`CPU     ${each((user + system) / 1e3)} us an event, all threads`);
console.log(
  `${(bytes / events).toFixed(0)} bytes out an event; ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`,
);
