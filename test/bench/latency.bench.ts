/**
 * From produce to gauge: new customers come at a steady rate, and the exporter is scraped every few
 * milliseconds; a customer is seen when `holdfast_customers` counts it. What is printed holds the
 * sending, the commit, and the scrape that saw it.
 *
 * Scrapes have a pause between them, as Prometheus's have, though one that the figures bear. Without
 * it two hundred a second took a fifth of two cores, and what was measured was how long the
 * processor waited for a core. And nothing is sent before the figures are whole: on a busy machine
 * the services took as long to start as was left out of the measure, so it held their backlog.
 *
 *   pnpm bench:latency [--rate 1000] [--seconds 20]
 */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { avroChangeEncoder } from '@holdfast/contracts/avro-change.ts';
import { kafkaProducer } from '@holdfast/kafka/producer.ts';
import { schemaRegistry } from '@holdfast/kafka/registry.ts';
import { ensureTopics } from '@holdfast/kafka/topics.ts';
import { registerChanges } from '@holdfast/service/registry.ts';
import { readScrape } from '@holdfast/telemetry/scrape.fixture.ts';
import { type All, startAll } from '@holdfast/testkit/launchers/all.ts';
import { subscription } from '../e2e/records.ts';
import { clientOf, TOPICS } from './pipe-load.ts';
import { startService } from './service-process.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
  },
});
const rate = Number(values.rate);
const events = rate * Number(values.seconds);
const SEND_EVERY_MS = 10;
const SCRAPE_PAUSE_MS = 10;
const PARTITIONS = 4;
/** Not measured: code is compiled, connections are made. */
const WARM_UP = Math.min(5 * rate, events / 2);

const services = await startAll({});
try {
  await measure(services);
} finally {
  await services.stop();
}

async function measure({ kafka, registry, redis }: All): Promise<void> {
  const client = clientOf(kafka.bootstrap);
  await ensureTopics({ kafka: client, topics: TOPICS, partitions: PARTITIONS });
  const schemas = schemaRegistry({ url: registry.url, clientId: 'bench' });
  const encode = avroChangeEncoder(await registerChanges(schemas, TOPICS.changes));
  const producer = kafkaProducer({ kafka: client, compression: 'none' });
  const processor = startService('processor', { kafka, registry, redis });
  const exporter = startService('exporter', { kafka, registry, redis });
  const url = await exporter.url;
  const counted = async (): Promise<number> => {
    const { series } = readScrape(await (await fetch(`${url}/metrics`)).text());
    return series.get('holdfast_customers{dimension="all",member="all"}') ?? 0;
  };
  while (!(await fetch(`${url}/readyz`)).ok) {
    if (processor.child.exitCode !== null) throw new Error(processor.said());
    await sleep(SCRAPE_PAUSE_MS);
  }

  const sentAt: number[] = [];
  const sending = (async () => {
    const started = performance.now();
    while (sentAt.length < events) {
      const wanted = Math.min(events, Math.floor(((performance.now() - started) * rate) / 1000));
      const at = Date.now();
      const batch = Array.from({ length: wanted - sentAt.length }, (_, each) => {
        const name = `customer-${sentAt.length + each}`;
        return {
          key: Buffer.from(name),
          value: encode(subscription(name, at, 10_000)),
          timestamp: at,
        };
      });
      const now = performance.now();
      for (const _ of batch) sentAt.push(now);
      if (batch.length > 0) await producer.produce(TOPICS.changes, batch);
      await sleep(SEND_EVERY_MS);
    }
  })();

  const took: number[] = [];
  for (let seen = 0; seen < events; ) {
    await sleep(SCRAPE_PAUSE_MS);
    const count = await counted();
    const now = performance.now();
    for (; seen < count; seen += 1) {
      if (seen >= WARM_UP) took.push(now - (sentAt[seen] as number));
    }
    if (processor.child.exitCode !== null) throw new Error(processor.said());
  }
  await sending;
  took.sort((a, b) => a - b);
  const at = (share: number): string =>
    `${(took[Math.floor(took.length * share)] as number).toFixed(0)} ms`;
  console.log(
    `${rate} events a second for ${values.seconds} s: from produce to gauge p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(0.9999)}`,
  );
  await producer.close();
  for (const { child } of [exporter, processor]) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}
