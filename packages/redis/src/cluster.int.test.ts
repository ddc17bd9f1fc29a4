/** The same store on Redis Cluster: every key of a partition in one slot, found by the client. */

import { randomUUID } from 'node:crypto';
import { startRedis } from '@holdfast/testkit/launchers/redis.ts';
import { describeWithServices } from '@holdfast/testkit/services.ts';
import { allCustomers, claim, row } from '@holdfast/testkit/suites/projection-store-harness.ts';
import { Redis } from 'ioredis';
import { expect, test, vi } from 'vitest';
import { openRedis } from './connection.ts';
import { redisProjectionReader } from './projection-reader.ts';
import { redisProjectionStore } from './projection-store.ts';

describeWithServices('a cluster', () => {
  test('takes commits with splits, large values and large entries', async () => {
    const server = await startRedis({ settings: { 'cluster-enabled': 'yes' } });
    const plain = new Redis(server.url);
    await plain.config('SET', 'cluster-announce-ip', server.host);
    await plain.config('SET', 'cluster-announce-port', server.port);
    await plain.cluster('ADDSLOTSRANGE', 0, 16_383);
    await vi.waitFor(
      async () => expect(await plain.cluster('INFO')).toContain('cluster_state:ok'),
      { timeout: 60_000 },
    );
    const redis = openRedis({ urls: [server.url], mode: 'cluster' });
    try {
      const projection = { instance: 'cluster', generation: '1' };
      const options = { ...projection, randomId: randomUUID, warn: () => {} };
      const store = redisProjectionStore(redis, options);
      for (const partition of [0, 1, 2]) {
        const owner = await claim(store, partition);
        const ids = Array.from({ length: 1_000 }, (_, at) => `c${at}`);
        await owner.store.readCustomers(ids);
        await owner.commit({
          customers: ids.map((id, at) => row(id, id.repeat(at === 0 ? 1_000 : 1), partition)),
          outbox: Buffer.alloc(1_500_000, 1),
        });
        expect((await allCustomers(owner.store)).length).toBe(1_000);
        expect((await owner.store.readDue(partition, 0, 9_999)).length).toBeGreaterThan(20);
      }
      const reader = redisProjectionReader(redis, { ...projection, partitions: 4 });
      const views = await reader.readViews();
      expect(views.map((view) => view?.meta.firstDue)).toEqual([0, 1, 2, undefined]);
    } finally {
      redis.close();
      plain.disconnect();
      await server.stop();
    }
  });
});
