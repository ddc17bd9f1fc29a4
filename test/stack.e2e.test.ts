/**
 * The local stack as a newcomer starts it: what its gauges say is what the reference makes of the
 * records on its topic, the processor can be ended and started again, and nothing is left behind.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readPolicy } from '@holdfast/config/policy.ts';
import { avroChangeCodec, avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import type { ChangeCodec } from '@holdfast/contracts/codec.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { kafkaClient } from '@holdfast/kafka/client.ts';
import { kafkaCluster } from '@holdfast/kafka/cluster.ts';
import { partitionReader } from '@holdfast/kafka/partition-reader.ts';
import { kafkaProducer } from '@holdfast/kafka/producer.ts';
import { readToEnd } from '@holdfast/kafka/read-to-end.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { registerChanges } from '@holdfast/service/registry.ts';
import { alertmanagerProgram } from '@holdfast/testkit/launchers/alertmanager.ts';
import { isThere } from '@holdfast/testkit/launchers/programs.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { expect, it, vi } from 'vitest';
import { POLICY_FILE } from '../deploy/stack/settings.ts';
import { type Stack, startStack } from '../deploy/stack/start.ts';
import { figuresAt, inOrder, referenceOf } from './e2e/expected.ts';
import { allFigures } from './e2e/gauges.ts';
import { subscription } from './e2e/records.ts';
import { asOfOf, eventsOf, type Scrape, scrape } from './e2e/scrape.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TOPIC = 'subscription-changes';
const SOON = { timeout: 120_000, interval: 50 };

const clientOf = ({ addresses }: Stack) =>
  kafkaClient({
    brokers: addresses.bootstrap.split(','),
    clientId: 'stack-test',
    log: () => undefined,
  });

const registryOf = ({ addresses }: Stack) =>
  schemaRegistry({ url: addresses.registryUrl, clientId: 'stack-test' });

const decode = async (codec: ChangeCodec, value: Uint8Array): Promise<ChangeRecord> => {
  await codec.learn(value);
  const change = codec.decode(value);
  if (change === 'schema_unknown' || isRejection(change)) throw new Error(JSON.stringify(change));
  return change;
};

/** Everything on the input topic, each customer's records in the order of the log. */
const produced = async (stack: Stack): Promise<readonly ChangeRecord[]> => {
  const codec = avroChangeCodec(registryOf(stack));
  const cluster = kafkaCluster(clientOf(stack), [TOPIC]);
  const never = new AbortController().signal;
  const records: ChangeRecord[] = [];
  try {
    const partitions = await cluster.partitionCount(TOPIC);
    for (let partition = 0; partition < partitions; partition += 1) {
      const reader = partitionReader(cluster, TOPIC, partition, 'input_unavailable');
      for await (const page of readToEnd(reader, 0, never)) {
        for (const { value } of page) records.push(await decode(codec, value as Uint8Array));
      }
    }
  } finally {
    await cluster.close();
  }
  return records;
};

const produce = async (stack: Stack, record: ChangeRecord): Promise<void> => {
  const encode = avroChangeEncoder(await registerChanges(registryOf(stack), TOPIC));
  const producer = kafkaProducer({ kafka: clientOf(stack), compression: 'none' });
  const { customerId, recordedAt: timestamp } = record;
  const value = encode(record);
  try {
    await producer.produce(TOPIC, [{ key: Buffer.from(customerId), value, timestamp }]);
  } finally {
    await producer.close();
  }
};

/** A scrape in which so many records are folded and figures are shown. */
const settled = ({ urls }: Stack, records: number): Promise<Scrape> =>
  vi.waitFor(async () => {
    const scraped = await scrape(urls.exporter);
    expect(eventsOf(scraped)).toBe(records);
    expect(asOfOf(scraped)).toBeDefined();
    return scraped;
  }, SOON);

/** Once these records are folded, every gauge says what the reference says at the same instant. */
const expectFigures = async (stack: Stack, records: readonly ChangeRecord[]): Promise<void> => {
  const scraped = await settled(stack, records.length);
  const policy = readPolicy(`${ROOT}${POLICY_FILE}`, (path) => readFileSync(path, 'utf8'));
  const expected = figuresAt(referenceOf(records, policy), asOfOf(scraped) ?? Number.NaN);
  expect(inOrder(allFigures(scraped, 'USD'))).toEqual(inOrder(expected));
  expect(scraped.sum('holdfast_dead_letters_total')).toBe(0);
};

const refuses = (address: string): Promise<boolean> => {
  const { hostname, port } = new URL(address.includes('//') ? address : `tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
};

describeWithServices('pnpm stack', () => {
  it('shows what its records say, survives the end of its processor and leaves nothing', async () => {
    const stack = await startStack();
    try {
      await stack.ready();
      // From here on the records stand still.
      expect(await stack.services.simulator.end('SIGTERM')).toBe(0);
      const records = await produced(stack);
      expect(records.length).toBeGreaterThan(10_000);

      await expectFigures(stack, records);

      const { processor } = stack.services;
      expect(await processor.end('SIGTERM')).toBe(0);
      const newcomer = subscription('newcomer', Date.now() - 1000, 100_000);
      await produce(stack, newcomer);
      processor.start();
      await expectFigures(stack, [...records, newcomer]);
      // It has looked at the server's settings and found nothing to warn of.
      expect(readFileSync(processor.logFile, 'utf8')).not.toContain('"message":"Redis ');
    } finally {
      await stack.stop();
    }
    const { bootstrap, registryUrl, redisUrl } = stack.addresses;
    for (const address of [bootstrap, registryUrl, redisUrl, ...Object.values(stack.urls)]) {
      expect(await refuses(address), address).toBe(true);
    }
    expect(existsSync(stack.services.exporter.logFile)).toBe(false);
  });

  it('prints where everything is, and ends all of it on Ctrl-C', async () => {
    const child = spawn(process.execPath, ['deploy/stack/main.ts'], { cwd: ROOT });
    const closed = once(child, 'close');
    let output = '';
    child.stderr.on('data', (text) => {
      output += text;
    });
    for await (const text of child.stdout) {
      output += text;
      if (output.includes('Ctrl-C ends all of it.')) break;
    }
    child.stdout.resume();
    child.kill('SIGINT');
    const [code] = await closed;
    expect(code, output).toBe(0);
    expect(output).toMatch(/P12M +NRR +\d+\.\d% +GRR +\d+\.\d%/);
    const addresses = output.match(/\S*127\.0\.0\.1:\d+/g) ?? [];
    const watched = (['prometheus', await alertmanagerProgram()] as const).map(isThere);
    const there = (await Promise.all(watched)).filter(Boolean).length;
    expect(addresses).toHaveLength(6 + there);
    for (const address of addresses) expect(await refuses(address), address).toBe(true);
  });
});
