/** Each stage of the pipe alone, on the same servers: the physical limits that bench:pipe names. */

import { randomUUID } from 'node:crypto';
import { avroChangeCodec } from '@holdfast/contracts/avro-change.ts';
import { kafkaDeltaSink } from '@holdfast/kafka/delta-sink.ts';
import { kafkaEventLog } from '@holdfast/kafka/event-log.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import type { Commit, OutputRecord } from '@holdfast/pipeline/ports.ts';
import type { RedisConnection } from '@holdfast/redis/connection.ts';
import { redisProjectionStore } from '@holdfast/redis/projection-store.ts';
import { clientOf, type Load, TOPICS } from './pipe-load.ts';

/** As the processor has them where nothing is set. */
const BATCH = 10_000;
const FETCH_BYTES = 262_144;
/** What a delta of the pipe has: its value in Avro, and its share of the outbox entry. */
const VALUE_BYTES = 117;
const ENTRY_BYTES = 168;

/** Records a second read from Kafka and decoded. */
export async function aloneFetchDecode(
  load: Load,
  bootstrap: string,
  registryUrl: string,
): Promise<number> {
  const log = kafkaEventLog({
    kafka: clientOf(bootstrap),
    topic: TOPICS.changes,
    groupId: 'bench-alone',
    maxBytesPerPartition: FETCH_BYTES,
  });
  const codec = avroChangeCodec(schemaRegistry({ url: registryUrl, clientId: 'bench' }));
  let read = 0;
  let started = 0;
  const finished = Promise.withResolvers<number>();
  const subscription = await log.subscribe({
    assigned: async (input) => {
      input.seek(0);
      while (read < load.events) {
        const { records } = await input.poll(100);
        started ||= performance.now();
        for (const { value } of records) {
          if (codec.decode(value as Uint8Array) === 'schema_unknown') {
            await codec.learn(value as Uint8Array);
          }
        }
        read += records.length;
      }
      finished.resolve(performance.now());
    },
    revoked: async () => undefined,
    failed: finished.reject,
  });
  const ended = await finished.promise;
  await subscription.close();
  return load.events / ((ended - started) / 1000);
}

/** Deltas a second published in transactions of a batch, one partition after another. */
export async function aloneProduce(load: Load, bootstrap: string): Promise<number> {
  const kafka = clientOf(bootstrap);
  const names = {
    changes: 'alone-changes',
    deltas: 'alone-deltas',
    deadLetters: 'alone-dead-letters',
    metrics: 'alone-metrics',
  };
  await ensureTopics({ kafka, topics: names, partitions: load.partitions });
  const sink = kafkaDeltaSink({
    kafka,
    deltaTopic: names.deltas,
    deadLetterTopic: names.deadLetters,
    instance: 'bench-alone',
    compression: 'none',
    now: Date.now,
  });
  const deltas = Array.from({ length: BATCH }, (_, index) => delta(index));
  const outputs = await Promise.all(
    Array.from({ length: load.partitions }, (_, partition) => sink.open(partition)),
  );
  const rounds = Math.ceil(load.events / BATCH / load.partitions);
  const started = performance.now();
  await Promise.all(
    outputs.map(async (output) => {
      for (let round = 0; round < rounds; round += 1) {
        await output.publish({ deltas, deadLetters: [] });
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(outputs.map((output) => output.close()));
  return (rounds * load.partitions * BATCH) / seconds;
}

const delta = (index: number): OutputRecord => ({
  key: Buffer.from(`customer-${index}`),
  value: Buffer.alloc(VALUE_BYTES, `${index}-delta-`),
  headers: HEADERS,
  sequence: index,
});

/** Shared by all, as by the deltas of a commit. */
const HEADERS = {
  'holdfast-generation': '1',
  'holdfast-from-offset': '1234567',
  'holdfast-from-as-of': '1767225600000',
  'holdfast-next-offset': '1239567',
  'holdfast-as-of': '1767225600500',
};

/** Customers a second written by commits of a batch, where the store has them all already. */
export async function aloneRedis(load: Load, connection: RedisConnection): Promise<number> {
  const store = redisProjectionStore(connection, {
    instance: 'bench-alone',
    generation: '1',
    randomId: randomUUID,
    warn: () => undefined,
  });
  const claims = await Promise.all(
    Array.from({ length: load.partitions }, (_, partition) =>
      store.claim(partition, { policyHash: 'bench', simulatedClock: true }),
    ),
  );
  const customers = Math.ceil(load.customers / load.partitions);
  const commitRounds = (from: number, rounds: number): Promise<unknown> =>
    Promise.all(
      claims.map(async ({ meta, store: own }, partition) => {
        for (let round = from; round < from + rounds; round += 1) {
          const commit = aloneCommit(load, meta.epoch, partition, round, customers);
          const { answer } = await own.commit(commit);
          if (answer !== 'applied') throw new Error(answer);
        }
      }),
    );
  const filling = Math.ceil(customers / BATCH);
  await commitRounds(0, filling);
  const rounds = Math.ceil(load.events / BATCH / load.partitions);
  const started = performance.now();
  await commitRounds(filling, rounds);
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(claims.map(({ store: own }) => own.discard()));
  return (rounds * load.partitions * BATCH) / seconds;
}

const VALUE = `[1,1767225600000,null,[["","sub-000001",[1767225600000,1,1767225600000,[["core",120000,1]]]]]]`;

const aloneCommit = (
  load: Load,
  epoch: number,
  partition: number,
  round: number,
  customers: number,
): Commit => ({
  epoch,
  number: round + 1,
  id: randomUUID(),
  incarnation: 'bench',
  boundary: { nextOffset: round, asOf: round },
  customers: Array.from({ length: BATCH }, (_, index) => ({
    customerId: `p${partition}-customer-${(round * BATCH + index) % customers}`,
    value: VALUE,
    due: 1_767_225_600_000 + index,
  })),
  dueGroups: [],
  aggregates: [],
  losses: [],
  counters: [],
  outbox: Buffer.alloc(Math.round(BATCH * load.moving) * ENTRY_BYTES, 'delta'),
  nextSequence: round,
  publishedCommit: round,
  output: { deltaOffset: 0, deadLetterOffset: 0 },
  caughtUp: true,
  inputEnd: 0,
  lastRecordAt: 0,
});
