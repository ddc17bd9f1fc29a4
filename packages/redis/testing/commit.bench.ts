/**
 * What the projection store costs: reading and committing batches of customers, and memory a
 * customer. `node packages/redis/testing/commit.bench.ts [customers ...]`; starts its own Redis.
 * The reference is what ioredis and Redis do at best with the same bytes: one plain HSET a batch.
 */

import { randomUUID } from 'node:crypto';
import { startRedis } from '@holdfast/testkit/launchers/redis.ts';
import { claim, row, type Writer } from '@holdfast/testkit/suites/projection-store-harness.ts';
import { Redis } from 'ioredis';
import { openRedis } from '../src/connection.ts';
import { redisProjectionStore } from '../src/projection-store.ts';

const BATCH = 5_000;
const ROUNDS = 30;
const VALUE_BYTES = 130;
const OUTBOX_BYTES = 400_000;
const DUE = 1_800_000_000_000;

const idOf = (at: number): string => `cus_${String(at).padStart(14, '0')}`;
const valueFor = (at: number, round: number): string =>
  `{"s":[["sub",${at},${round},[[1700000000000,12000,"pro",1]]]],"k":1`.padEnd(VALUE_BYTES, '7');

/** The same numbers in every run. */
let seed = 1;
const random = (below: number): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed % below;
};
const batchOf = (customers: number): readonly number[] => {
  const picked = new Set<number>();
  while (picked.size < BATCH) picked.add(random(customers));
  return [...picked];
};

const infoOf = async (plain: Redis, section: string, name: string): Promise<number> =>
  Number(new RegExp(`${name}:([\\d.]+)`).exec(await plain.info(section))?.[1]);
const cpuOf = async (plain: Redis): Promise<number> =>
  (await infoOf(plain, 'cpu', 'used_cpu_user')) + (await infoOf(plain, 'cpu', 'used_cpu_sys'));

/** Customers a second: the median round, and the quickest, which a busy machine disturbs least. */
const measure = async (
  plain: Redis,
  name: string,
  rounds: number,
  work: (round: number) => Promise<unknown>,
): Promise<number> => {
  const redisCpu = await cpuOf(plain);
  const ownCpu = process.cpuUsage();
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await work(round);
    took.push(performance.now() - began);
  }
  const own = process.cpuUsage(ownCpu);
  const redisMicros = (((await cpuOf(plain)) - redisCpu) * 1e6) / (rounds * BATCH);
  const ownMicros = (own.user + own.system) / (rounds * BATCH);
  took.sort((a, b) => a - b);
  const rate = (milliseconds: number | undefined): number => BATCH / (milliseconds ?? Number.NaN);
  const median = rate(took[took.length >> 1]);
  console.log(
    `${name.padEnd(34)}${median.toFixed(0).padStart(5)} k/s (best ${rate(took[0]).toFixed(0)})` +
      `   Redis ${redisMicros.toFixed(1)} us, client ${ownMicros.toFixed(1)} us a customer`,
  );
  return median;
};

const rowsFor = (picked: readonly number[], round: number) =>
  picked.map((at) => row(idOf(at), valueFor(at, round), DUE + at));

const commitRows = (
  owner: Writer,
  customers: ReturnType<typeof rowsFor>,
  round: number,
  outbox: Buffer | null,
) =>
  owner.commit({
    customers,
    aggregates: Array.from({ length: 60 }, (_, at) => [
      `P1M/segment/${at}`,
      `[${round},${at},0,0]`,
    ]),
    outbox,
    publishedCommit: owner.next({}).number - 1,
  });

const run = async (customers: number): Promise<void> => {
  const server = await startRedis({ settings: { appendonly: 'no' } });
  const plain = new Redis(server.url);
  const redis = openRedis({ urls: [server.url], mode: 'single' });
  try {
    const options = { instance: 'bench', generation: '1', randomId: randomUUID, warn: () => {} };
    const owner = await claim(redisProjectionStore(redis, options));
    console.log(`\n${customers} customers of ${VALUE_BYTES} bytes, ${BATCH} a batch`);

    const rounds = Array.from({ length: ROUNDS }, (_, round) => rowsFor(batchOf(customers), round));
    const idsOf = (round: number) => (rounds[round] ?? []).map(({ customerId }) => customerId);

    const reference = await measure(plain, 'reference: one plain HSET', ROUNDS, (round) => {
      const pairs = (rounds[round] ?? []).flatMap(({ customerId, value }) => [customerId, value]);
      return plain.call('HSET', 'reference', pairs as unknown as string);
    });
    await plain.del('reference');

    const empty = await infoOf(plain, 'memory', 'used_memory');
    await measure(plain, 'new customers: read and commit', customers / BATCH, async (round) => {
      const picked = Array.from({ length: BATCH }, (_, at) => round * BATCH + at);
      await owner.store.readCustomers(picked.map(idOf));
      await commitRows(owner, rowsFor(picked, 0), 0, null);
    });
    const used = (await infoOf(plain, 'memory', 'used_memory')) - empty;
    console.log(
      `${'memory'.padEnd(34)}${(used / customers).toFixed(0).padStart(6)} bytes a customer`,
    );

    const outbox = Buffer.alloc(OUTBOX_BYTES, 7);
    await measure(plain, 'read', ROUNDS, (round) => owner.store.readCustomers(idsOf(round)));
    const commits = await measure(plain, 'commit', ROUNDS, (round) =>
      commitRows(owner, rounds[round] ?? [], round, null),
    );
    await measure(plain, 'commit with 400 KB of outbox', ROUNDS, (round) =>
      commitRows(owner, rounds[round] ?? [], round, outbox),
    );
    await measure(plain, 'read and commit with outbox', ROUNDS, async (round) => {
      await owner.store.readCustomers(idsOf(round));
      await commitRows(owner, rounds[round] ?? [], round, outbox);
    });
    console.log(`commit / reference: ${(commits / reference).toFixed(2)}`);
  } finally {
    redis.close();
    plain.disconnect();
    await server.stop();
  }
};

const sizes = process.argv.slice(2).map(Number);
for (const customers of sizes.length === 0 ? [100_000, 1_000_000] : sizes) await run(customers);
