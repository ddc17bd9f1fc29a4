/**
 * Events a second end to end: Avro on a real Kafka through the processor, a process of its own, into
 * a real Redis and out on arr-deltas. Beside it, in the same run, what each stage does alone, so
 * that the figure can be read as a share of what this machine allows.
 *
 *   pnpm bench:pipe [--events 500000] [--customers 100000] [--partitions 4] [--processors 1]
 *     [--profile FOLDER]
 */

import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { openRedis, type RedisConnection } from '@holdfast/redis/connection.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { readScrape } from '@holdfast/telemetry/scrape.fixture.ts';
import { startAll } from '@holdfast/testkit/launchers/all.ts';
import { aloneFetchDecode, aloneProduce, aloneRedis } from './pipe-alone.ts';
import { fillInput, type Load, loadOf } from './pipe-load.ts';
import { processCost, residentMb } from './process-cost.ts';
import { startService } from './service-process.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '500000' },
    customers: { type: 'string', default: '100000' },
    partitions: { type: 'string', default: '4' },
    processors: { type: 'string', default: '1' },
    profile: { type: 'string' },
  },
});
const load = loadOf(Number(values.events), Number(values.customers), Number(values.partitions));

const services = await startAll({ redis: { settings: { 'hash-max-listpack-value': '4096' } } });
try {
  await run(load, services);
} finally {
  await services.stop();
}

type Services = Awaited<ReturnType<typeof startAll>>;

async function run(load: Load, { kafka, registry, redis }: Services): Promise<void> {
  const connection = openRedis({ urls: [redis.url], mode: 'single' });
  const filled = await fillInput(load, kafka.bootstrap, registry.url);
  console.log(
    `${load.events.toLocaleString('en')} events, ${load.customers.toLocaleString('en')} customers, ${load.partitions} partitions; ` +
      `${(load.moving * 100).toFixed(0)} % move ARR; Avro, input zstd, output not compressed, ${filled.bytesPerEvent.toFixed(0)} bytes an event before compression`,
  );
  const fetchDecode = await aloneFetchDecode(load, kafka.bootstrap, registry.url);
  const produce = await aloneProduce(load, kafka.bootstrap);
  const store = await aloneRedis(load, connection);
  const memoryBefore = await usedMemory(connection);

  const redisCost = processCost(`redis-server 127.0.0.1:${redis.port}`);
  const kafkaCost = processCost('kafka.Kafka');
  const processors = Array.from({ length: Number(values.processors) }, () =>
    startService('processor', { kafka, registry, redis }, profiling()),
  );
  const reader = redisProjectionReader(connection, {
    instance: 'bench',
    generation: '1',
    partitions: load.partitions,
  });
  let first = 0;
  let doneAtFirst = 0;
  let last = 0;
  for (;;) {
    const views = await reader.readViews();
    const done = views.reduce((sum, view) => sum + (view?.meta.boundary.nextOffset ?? 0), 0);
    if (first === 0 && done > 0) {
      first = performance.now();
      doneAtFirst = done;
    }
    if (done >= load.events) {
      last ||= performance.now();
      if (await isPublished(connection)) break;
    }
    for (const { child, said } of processors) {
      if (child.exitCode !== null) throw new Error(`a processor ended: ${said()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const seconds = (last - first) / 1000;
  const pids = processors.map(({ child }) => child.pid as number);
  const cost = pids.reduce((sum, pid) => sum + processCost(pid).used(), 0);
  const scrapes = await Promise.all(
    processors.map(async ({ url }) =>
      readScrape(await (await fetch(`${await url}/metrics`)).text()),
    ),
  );
  const memory = Math.max(...pids.map(residentMb));
  const redisBytes = ((await usedMemory(connection)) - memoryBefore) / load.customers;
  const rate = (load.events - doneAtFirst) / seconds;

  console.log(`\nend to end      ${thousands(rate)} a second (${seconds.toFixed(1)} s)`);
  const bound = 1 / (1 / fetchDecode + 1 / produce + 1 / store);
  console.log(
    `alone: fetch and decode ${thousands(fetchDecode)}, store ${thousands(store)}, produce ${thousands(produce)}`,
  );
  console.log(
    `one after another these three allow ${thousands(bound)}; end to end is ${((rate / bound) * 100).toFixed(0)} % of it`,
  );
  const perMillion = (used: number): string => ((used / load.events) * 1e6).toFixed(1);
  console.log(
    `CPU seconds a million events: ${processors.length} processor(s) ${perMillion(cost)}, Redis ${perMillion(redisCost.used())}, broker ${perMillion(kafkaCost.used())}`,
  );
  console.log(`stages, share of the processor's batches' time:`);
  const stages = ['read', 'fold', 'commit', 'publish'].map((stage) => ({
    stage,
    seconds: scrapes.reduce(
      (sum, { series }) => sum + (series.get(`holdfast_batch_seconds_sum{stage="${stage}"}`) ?? 0),
      0,
    ),
  }));
  const total = stages.reduce((sum, one) => sum + one.seconds, 0);
  for (const { stage, seconds: spent } of stages) {
    console.log(
      `  ${stage.padEnd(8)} ${spent.toFixed(2).padStart(7)} s ${((spent / total) * 100).toFixed(0).padStart(4)} %`,
    );
  }
  console.log(
    `memory: a processor ${memory.toFixed(0)} MB resident at most; Redis ${redisBytes.toFixed(0)} bytes a customer`,
  );
  for (const { child } of processors) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  connection.close();
}

function thousands(rate: number): string {
  return `${(rate / 1000).toFixed(1)} thousand`;
}

/** Whether no outbox holds anything any more. */
async function isPublished(connection: RedisConnection): Promise<boolean> {
  const answers = await connection.onServers('KEYS', ['*:outbox']);
  return answers.every(({ answer }) => Array.isArray(answer) && answer.length === 0);
}

async function usedMemory(connection: RedisConnection): Promise<number> {
  const [info] = await connection.onServers('INFO', ['memory']);
  return Number(/used_memory:(\d+)/.exec(String(info?.answer))?.[1]);
}

function profiling(): readonly string[] {
  return values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
}
