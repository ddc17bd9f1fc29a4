/**
 * Whether the cost of an event grows with customers: as many changes of known customers, one a year
 * of each so that all have the same number of steps, at 10
 * thousand, 100 thousand and 1 million of them, by a processor that has just started (it reads each
 * customer from Redis) and by one that has worked. Beside it how long it takes from the start of the
 * process to its first commit.
 *
 *   node test/bench/scale.bench.ts [customers ...]
 */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { instant } from '@holdfast/domain/scalars.ts';
import { openRedis } from '@holdfast/redis/connection.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { type All, startAll } from '@holdfast/testkit/launchers/all.ts';
import { fillInput, loadOf, type Past, YEAR_MS } from './pipe-load.ts';
import { processCost, residentMb } from './process-cost.ts';
import { INSTANCE, type ServiceProcess, startService } from './service-process.ts';

const PARTITIONS = 4;
const CHANGES = 100_000;
const LOOK_EVERY_MS = 10;

const asked = process.argv.slice(2).map(Number);
console.log(`${CHANGES.toLocaleString('en')} changes, ${PARTITIONS} partitions`);
console.log(row('customers', 'first commit', 'just started', 'warm', 'CPU s/M', 'MB'));
for (const customers of asked.length > 0 ? asked : [10_000, 100_000, 1_000_000]) {
  const services = await startAll({ redis: { settings: { 'hash-max-listpack-value': '1024' } } });
  try {
    await measure(services, customers);
  } finally {
    await services.stop();
  }
}

async function measure(services: All, customers: number): Promise<void> {
  const { kafka, registry } = services;
  const redis = openRedis({ urls: [services.redis.url], mode: 'single' });
  const identity = { instance: INSTANCE, generation: '1', partitions: PARTITIONS };
  const reader = redisProjectionReader(redis, identity);
  const folded = async (): Promise<number> =>
    (await reader.readViews()).reduce(
      (sum, view) => sum + (view?.meta.boundary.nextOffset ?? 0),
      0,
    );

  /** Seconds until so many records are folded. */
  const until = async (records: number, by: ServiceProcess): Promise<number> => {
    const started = performance.now();
    while ((await folded()) < records) {
      if (by.child.exitCode !== null) throw new Error(`the processor ended: ${by.said()}`);
      await sleep(LOOK_EVERY_MS);
    }
    return (performance.now() - started) / 1000;
  };
  const now = Date.now();
  const span = Math.floor((YEAR_MS * CHANGES) / customers);
  /** The third last span of time, the second last or the last. */
  const append = (spansAgo: number, events: number, moving?: number, known?: Past['known']) => {
    const from = instant(now - spansAgo * span);
    const past = { seed: spansAgo, from, until: instant(from + span), ...(known && { known }) };
    const load = loadOf(events, customers, PARTITIONS, moving);
    return fillInput(load, kafka.bootstrap, registry.url, past);
  };
  const change = (spansAgo: number) =>
    append(spansAgo, CHANGES, undefined, { customers, changes: 1_000 * (4 - spansAgo) });

  await append(3, customers, 1);
  const first = startService('processor', services);
  await until(customers, first);
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');

  await change(2);
  const again = startService('processor', services);
  const start = await until(customers + 1, again);
  const cold = await until(customers + CHANGES, again);

  // It stands still while the topic is filled, shorter than the group would notice.
  again.child.kill('SIGSTOP');
  await change(1);
  const cost = processCost(again.child.pid as number);
  const before = cost.used();
  again.child.kill('SIGCONT');
  const warm = await until(customers + 2 * CHANGES, again);
  console.log(
    row(
      customers.toLocaleString('en'),
      `${start.toFixed(1)} s`,
      thousands(CHANGES / cold),
      thousands(CHANGES / warm),
      (((cost.used() - before) / CHANGES) * 1e6).toFixed(1),
      residentMb(again.child.pid as number).toFixed(0),
    ),
  );
  again.child.kill('SIGTERM');
  await once(again.child, 'exit');
  redis.close();
}

function row(...cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(14)).join('');
}

function thousands(rate: number): string {
  return `${(rate / 1000).toFixed(1)} k/s`;
}
