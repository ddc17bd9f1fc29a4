/** `holdfast produce` on a real Kafka and registry, read back as it stands in the log. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { avroChangeCodec } from '@holdfast/contracts/avro-change.ts';
import { parseChangeLine } from '@holdfast/contracts/json-change.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { kafkaClient } from '@holdfast/kafka/client.ts';
import { kafkaCluster } from '@holdfast/kafka/cluster.ts';
import { partitionReader } from '@holdfast/kafka/partition-reader.ts';
import { readRecords } from '@holdfast/kafka/record-read.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import { describeWithServices, type Services, uniqueName } from '@holdfast/testkit/services.ts';
import { afterAll, expect, it } from 'vitest';
import { call, folder, jsonLines, subscribed } from './testing.ts';

const files = folder();
afterAll(() => files.remove());

interface Read {
  readonly key: string;
  readonly timestamp: number;
  readonly record: ChangeRecord;
}

const makeTopic = async ({ bootstrap }: Services): Promise<string> => {
  const kafka = kafkaClient({ brokers: [bootstrap], clientId: 'test', log: () => {} });
  const name = uniqueName('produce');
  const topics = {
    changes: name,
    deltas: `${name}.deltas`,
    deadLetters: `${name}.dead`,
    metrics: `${name}.metrics`,
  };
  await ensureTopics({ kafka, topics, partitions: PARTITIONS });
  return name;
};

const PARTITIONS = 3;

/** What the topic holds to its end, by partition and offset. */
const readBack = async (
  { bootstrap, registryUrl }: Services,
  topic: string,
): Promise<readonly Read[]> => {
  const codec = avroChangeCodec(schemaRegistry({ url: registryUrl, clientId: 'test' }));
  const kafka = kafkaClient({ brokers: [bootstrap], clientId: 'test', log: () => {} });
  const cluster = kafkaCluster(kafka, [topic]);
  const until = AbortSignal.timeout(60_000);
  const read: Read[] = [];
  try {
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const reader = partitionReader(cluster, topic, partition, 'input_unavailable');
      const end = await reader.edge('end', until);
      for (let offset = 0; offset < end; ) {
        const page = await reader.page(offset, { waitMs: 50, maxBytes: 1_000_000, until });
        for (const { key, value, timestamp } of readRecords(page.batches, offset)) {
          await codec.learn(value as Uint8Array);
          const record = codec.decode(value as Uint8Array) as ChangeRecord;
          read.push({ key: Buffer.from(key as Uint8Array).toString(), timestamp, record });
        }
        offset = page.nextOffset;
      }
    }
  } finally {
    await cluster.close();
  }
  return read;
};

describeWithServices('holdfast produce', (services) => {
  const produce = (path: string, topic: string) => {
    const { bootstrap, registryUrl } = services();
    const where = ['--bootstrap', bootstrap, '--registry', registryUrl, '--topic', topic];
    return call(['produce', '--events', path, ...where]);
  };

  it('writes every record in Avro, keyed by customer, at the time it was recorded', async () => {
    const topic = await makeTopic(services());
    const records = Array.from({ length: 5000 }, (_, index) => {
      const at = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
      return subscribed(`customer-${index % 40}`, at, index);
    });
    const path = files.write('many.jsonl', jsonLines(records));
    expect(await produce(path, topic)).toEqual({
      exit: 0,
      out: `5,000 records written to ${topic}\n`,
      err: '',
    });
    const read = await readBack(services(), topic);
    const byCustomer = Map.groupBy(read, ({ key }) => key);
    expect(byCustomer.size).toBe(40);
    for (const [customer, own] of byCustomer) {
      const wanted = records
        .filter(({ customer_id }) => customer_id === customer)
        .map((record) => parseChangeLine(JSON.stringify(record)) as ChangeRecord);
      expect(own.map(({ record }) => record)).toEqual(wanted);
      expect(own.map(({ timestamp }) => timestamp)).toEqual(
        wanted.map(({ recordedAt }) => recordedAt),
      );
    }
  });

  it('sends what the processor will dead-letter, and leaves out what is no record', async () => {
    const topic = await makeTopic(services());
    const path = fileURLToPath(new URL('../../../docs/examples/broken.jsonl', import.meta.url));
    expect(await produce(path, topic)).toEqual({
      exit: 1,
      out: `3 records written to ${topic}\n`,
      err: `3 of 6 lines left out as bad; see holdfast check --events ${path}\n`,
    });
    const read = await readBack(services(), topic);
    expect(read.map(({ record }) => record.eventId)).toEqual(['b-1', 'b-2', 'b-6']);
  });

  it('takes a record from before 1970, which Kafka has no time for', async () => {
    const topic = await makeTopic(services());
    const path = files.write('old.jsonl', jsonLines([subscribed('a', '1965-01-01T00:00:00Z', 1)]));
    expect(await produce(path, topic)).toMatchObject({ exit: 0 });
    expect(await readBack(services(), topic)).toMatchObject([{ key: 'a', timestamp: 0 }]);
  });

  it('says in one line that the topic is missing', async () => {
    const topic = uniqueName('never-made');
    const path = files.write('one.jsonl', jsonLines([subscribed('a', '2026-01-01T00:00:00Z', 1)]));
    const { exit, out, err } = await produce(path, topic);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toContain(
      `holdfast produce: a topic is missing or has the wrong settings: ${topic}`,
    );
    expect(err.split('\n')).toHaveLength(2);
  });

  it('says in one line that the registry cannot be reached', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { readonly port: number };
    closed.close();
    await once(closed, 'close');
    const path = files.write('one.jsonl', jsonLines([subscribed('a', '2026-01-01T00:00:00Z', 1)]));
    const where = ['--bootstrap', services().bootstrap, '--registry', `http://127.0.0.1:${port}`];
    const { exit, out, err } = await call(['produce', '--events', path, ...where]);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toContain('the schema registry cannot be reached');
    expect(err.split('\n')).toHaveLength(2);
  });
});
