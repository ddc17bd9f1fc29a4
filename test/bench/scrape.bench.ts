/**
 * What one scrape costs at 10 thousand, 100 thousand and 1 million customers in Redis, with 200
 * members of a dimension: it reads sums, so the lines must be the same.
 * `node test/bench/scrape.bench.ts [customers ...]`; starts its own Redis. The reference is a plain
 * HGETALL of the same sums by ioredis.
 */

import { randomUUID } from 'node:crypto';
import { policyHash } from '@holdfast/config/policy-hash.ts';
import { admit } from '@holdfast/domain/admit.ts';
import { addContribution, emptyAggregates, takeChanged } from '@holdfast/domain/aggregates.ts';
import { contributionOf, dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { encodeCustomer } from '@holdfast/domain/customer-state.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { compileRules, momentAt } from '@holdfast/domain/rules.ts';
import { offset } from '@holdfast/domain/scalars.ts';
import { openRedis } from '@holdfast/redis/connection.ts';
import { partitionKeys } from '@holdfast/redis/keys.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { redisProjectionStore } from '@holdfast/redis/projection-store.ts';
import { createLogger } from '@holdfast/telemetry/logger.ts';
import { startRedis } from '@holdfast/testkit/launchers/redis.ts';
import { claim } from '@holdfast/testkit/suites/projection-store-harness.ts';
import { Redis } from 'ioredis';
import { figuresReader } from '../../packages/service/src/figures.ts';
import { serveHttp } from '../../packages/service/src/http.ts';
import { exporterRoutes } from '../../services/exporter/src/routes.ts';
import { customerChanged, subscription } from '../e2e/records.ts';

const DAY_MS = 86_400_000;
const MEMBERS = 200;
const PARTITIONS = 4;
const BATCH = 5_000;
const WARM_UP = 30;
const SCRAPES = 200;

const policy: Policy = { ...DEFAULT_POLICY, dimensions: [{ name: 'segment', cap: MEMBERS }] };
const rules = compileRules(policy);
const asOf = Date.now();
const moment = momentAt(rules, asOf);

/** A customer of one member for a year and a half, and every third one changed since. */
const recordsOf = (at: number): readonly ChangeRecord[] => {
  const customer = `customer-${at}`;
  const joined = asOf - 550 * DAY_MS;
  const amount = 1_000 + (at % 997);
  return [
    customerChanged(customer, joined, { segment: `member ${at % MEMBERS}` }),
    subscription(customer, joined, amount),
    ...(at % 3 === 0 ? [subscription(customer, asOf - (at % 80) * DAY_MS, amount + 100)] : []),
  ];
};

const customerOf = (at: number): Customer =>
  recordsOf(at).reduce<Customer | null>((customer, record, index) => {
    const admitted = admit(rules, record, asOf);
    if (isRejection(admitted)) throw new Error(admitted.message);
    return fold(rules, customer, admitted, offset(index), asOf).customer;
  }, null) as Customer;

const settings = (url: string) => ({ urls: [url], mode: 'single' }) as const;

/** Folds that many customers into partitions, as processors would leave them. */
const fill = async (url: string, instance: string, customers: number): Promise<void> => {
  const redis = openRedis(settings(url));
  const identity = { instance, generation: '1' };
  const store = redisProjectionStore(redis, { ...identity, randomId: randomUUID, warn: () => {} });
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const writer = await claim(store, partition, { policyHash: policyHash(policy) });
    const aggregates = emptyAggregates(rules);
    const rows = [];
    for (let at = partition; at < customers; at += PARTITIONS) {
      const customer = customerOf(at);
      addContribution(aggregates, contributionOf(rules, customer, moment), 1);
      const due = dueAfter(rules, customer, moment);
      rows.push({ customerId: `customer-${at}`, value: encodeCustomer(customer), due });
      if (rows.length < BATCH && at + PARTITIONS < customers) continue;
      await writer.commit({
        customers: rows.splice(0),
        aggregates: takeChanged(aggregates),
        boundary: { nextOffset: at, asOf },
        caughtUp: true,
      });
    }
  }
  redis.close();
};

const redisCpuMs = async (plain: Redis): Promise<number> => {
  const info = await plain.info('cpu');
  const of = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
  return 1000 * (of('used_cpu_user') + of('used_cpu_sys'));
};

interface Cost {
  readonly median: number;
  readonly best: number;
  readonly cpu: number;
  readonly redisCpu: number;
}

const measure = async (plain: Redis, work: () => Promise<unknown>): Promise<Cost> => {
  for (let time = 0; time < WARM_UP; time += 1) await work();
  const [redisBefore, cpuBefore] = [await redisCpuMs(plain), process.cpuUsage()];
  const took: number[] = [];
  for (let time = 0; time < SCRAPES; time += 1) {
    const began = performance.now();
    await work();
    took.push(performance.now() - began);
  }
  const used = process.cpuUsage(cpuBefore);
  took.sort((a, b) => a - b);
  return {
    median: took[SCRAPES / 2] as number,
    best: took[0] as number,
    cpu: (used.user + used.system) / 1000 / SCRAPES,
    redisCpu: ((await redisCpuMs(plain)) - redisBefore) / SCRAPES,
  };
};

const row = (...cells: readonly string[]): string =>
  cells.map((cell) => cell.padStart(11)).join('');
const ms = (value: number): string => value.toFixed(2);

/** One Redis for each number, so that no customers but these are in it. */
const bench = async (customers: number): Promise<void> => {
  const server = await startRedis({});
  const plain = new Redis(server.url);
  const redis = openRedis(settings(server.url));
  const identity = { instance: 'bench', generation: '1' };
  await fill(server.url, identity.instance, customers);
  const look = figuresReader({
    generation: identity.generation,
    reader: redisProjectionReader(redis, { ...identity, partitions: PARTITIONS }),
    policy,
    // The figures are as of a moment that has passed, however long the filling took.
    clock: { simulated: true, now: () => asOf, wait: async () => {} },
  });
  const log = createLogger({ service: 'bench', level: 'error' });
  const routes = exporterRoutes(() => look, log);
  const failed = (_path: string, error: unknown): void => log.error('failed', { error });
  const http = await serveHttp({ host: '127.0.0.1', port: 0, routes, failed });
  const scrape = async (): Promise<string> => (await fetch(`${http.url}/metrics`)).text();
  const sums = Array.from(
    { length: PARTITIONS },
    (_, at) => partitionKeys(identity, at).aggregates,
  );
  const series = (await scrape()).split('\n').filter((line) => /^holdfast_/.test(line)).length;

  const scraped = await measure(plain, scrape);
  const reference = await measure(plain, () => Promise.all(sums.map((key) => plain.hgetall(key))));
  console.log(
    row(
      customers.toLocaleString('en'),
      series.toLocaleString('en'),
      ms(scraped.median),
      ms(scraped.best),
      ms(scraped.cpu),
      ms(scraped.redisCpu),
      ms(reference.median),
      (scraped.median / reference.median).toFixed(1),
    ),
  );
  await http.close();
  redis.close();
  plain.disconnect();
  await server.stop();
};

const asked = process.argv.slice(2).map(Number);
console.log(`${MEMBERS} members, ${PARTITIONS} partitions, ms a scrape over HTTP`);
console.log(row('customers', 'series', 'median', 'best', 'cpu', 'redis cpu', 'hgetall', 'ratio'));
for (const customers of asked.length > 0 ? asked : [10_000, 100_000, 1_000_000]) {
  await bench(customers);
}
