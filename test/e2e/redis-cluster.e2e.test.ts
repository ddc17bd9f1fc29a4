/**
 * A Redis Cluster whose masters hand over to their replicas, in order and by kill -9 with a replica
 * that lacks commits: the processor claims anew, folds again what is lost, and the audit is clean.
 */

import { partitionKeys } from '@holdfast/redis/keys.ts';
import {
  missingForRedisCluster,
  type RedisCluster,
  startRedisCluster,
} from '@holdfast/testkit/launchers/redis-cluster.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startProcessor } from './in-process.ts';
import { openPipe, type Pipe, SOON } from './pipe.ts';
import { customerIn, subscription } from './records.ts';
import { call, untilFolded } from './replayer.ts';

const LIMIT_MS = 180_000;
const PARTITIONS = 3;
const CUSTOMERS = 60;

const missing = await missingForRedisCluster();
const skipped = missing === null ? '' : ` (there is no ${missing})`;

describeWithServices(`a Redis Cluster with replicas${skipped}`, (services) => {
  let cluster: RedisCluster;
  let plains: readonly Redis[];

  beforeAll(async () => {
    if (missing !== null) return;
    cluster = await startRedisCluster({ replicas: 'one each' });
    // One of them is killed on purpose.
    plains = cluster.urls.map((url) =>
      new Redis(url, { tls: { ca: cluster.ca } }).on('error', () => undefined),
    );
  }, LIMIT_MS);
  afterAll(async () => {
    for (const plain of plains ?? []) plain.disconnect();
    await cluster?.stop();
  });

  const roles = (): Promise<readonly string[]> =>
    Promise.all(plains.map(async (plain) => String((await plain.role())[0])));

  /** The places of the master that holds the partition, and of its replica in step. */
  const holdersOf = async (pipe: Pipe, partition: number): Promise<readonly [number, number]> => {
    const { meta } = partitionKeys(pipe.identity, partition);
    return vi.waitFor(async () => {
      const isMaster = (await roles()).map((role) => role === 'master');
      const slot = await plains[0]!.cluster('KEYSLOT', meta);
      const counts = await Promise.all(
        plains.map((plain) => plain.cluster('COUNTKEYSINSLOT', slot)),
      );
      const master = counts.findIndex((count, at) => isMaster[at] && count > 0);
      const replica = counts.findIndex((count, at) => !isMaster[at] && count > 0);
      expect(Math.min(master, replica)).toBeGreaterThanOrEqual(0);
      return [master, replica] as const;
    }, SOON);
  };
  const untilMaster = (node: number): Promise<void> =>
    vi.waitFor(async () => {
      expect((await plains[node]!.role())[0]).toBe('master');
    }, SOON);
  /** It gets nothing more from its master, and knows it. */
  const cutOff = async (master: number, replica: number): Promise<void> => {
    await plains[replica]!.config('SET', 'masteruser', 'nobody', 'masterauth', 'wrong');
    await plains[master]!.call('CLIENT', 'KILL', 'TYPE', 'replica');
    await vi.waitFor(async () => {
      expect(await plains[replica]!.info('replication')).toContain('master_link_status:down');
    }, SOON);
  };

  test.skipIf(missing !== null)(
    'hands over in order and by kill -9, commits lost: folded again, nothing twice, audit clean',
    async () => {
      await using plain = await openPipe(services(), { partitions: PARTITIONS });
      const env = {
        ...plain.env,
        HOLDFAST_REDIS_URL: cluster.urls.join(','),
        HOLDFAST_REDIS_TLS_CA_FILE: cluster.caFile,
      };
      const pipe: Pipe = { ...plain, env };
      const start = Date.now() - 86_400_000;
      let rounds = 0;
      const produce = async (): Promise<number> => {
        rounds += 1;
        await pipe.produce(
          Array.from({ length: CUSTOMERS }, (_, number) =>
            subscription(
              customerIn(number % PARTITIONS, PARTITIONS, `c${number}`),
              start + rounds,
              1_000 * rounds,
            ),
          ),
        );
        return rounds * CUSTOMERS;
      };
      await using processor = await startProcessor(pipe, null);
      const claims = () => processor.lines.filter((line) => line.includes('"claimed"')).length;
      const foldsAgain = () =>
        processor.lines.filter((line) => line.includes('folding again')).length;
      await untilFolded(pipe, '1', await produce());
      const claimedFirst = claims();

      const [elder, next] = await holdersOf(pipe, 0);
      await plains[next]!.cluster('FAILOVER');
      await produce();
      await untilMaster(next);
      await untilFolded(pipe, '1', await produce());
      expect(claims()).toBeGreaterThan(claimedFirst);
      expect(foldsAgain()).toBe(0);

      expect(await holdersOf(pipe, 0)).toEqual([next, elder]);
      await cutOff(next, elder);
      await untilFolded(pipe, '1', await produce());
      await cluster.nodes[next]!.kill();
      await produce();
      await untilMaster(elder);
      await untilFolded(pipe, '1', await produce());
      expect(foldsAgain()).toBeGreaterThan(0);

      await processor.stop();
      expect(await call(pipe, ['verify'])).toMatchObject({ exit: 0, err: '' });
    },
    LIMIT_MS,
  );
});
