/**
 * Every customer as Redis holds it, by partition. Claims the partitions, so that a processor which
 * still runs is fenced: the last look of a test.
 */

import { randomUUID } from 'node:crypto';
import { policyHash } from '@holdfast/config/policy-hash.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { decodeCustomer } from '@holdfast/domain/customer-state.ts';
import type { PartitionView } from '@holdfast/pipeline/ports.ts';
import { openRedis } from '@holdfast/redis/connection.ts';
import { redisProjectionReader } from '@holdfast/redis/projection-reader.ts';
import { redisProjectionStore } from '@holdfast/redis/projection-store.ts';
import type { Pipe } from './pipe.ts';

export interface Projection {
  readonly customers: ReadonlyMap<string, Customer>;
  /** What the partition said of itself and its sums, before this claim. */
  readonly view: PartitionView;
}

export const readProjections = async (pipe: Pipe): Promise<readonly Projection[]> => {
  const redis = openRedis({ urls: [pipe.services.redisUrl], mode: 'single' });
  try {
    const { partitions } = pipe;
    const views = await redisProjectionReader(redis, { ...pipe.identity, partitions }).readViews();
    const store = redisProjectionStore(redis, {
      ...pipe.identity,
      randomId: randomUUID,
      warn: () => undefined,
    });
    const projections: Projection[] = [];
    for (const [partition, view] of views.entries()) {
      if (view === null) throw new Error(`partition ${partition} was never claimed`);
      const claim = { policyHash: policyHash(pipe.policy), simulatedClock: true };
      const claimed = await store.claim(partition, claim);
      const customers = new Map<string, Customer>();
      for await (const page of claimed.store.scanCustomers()) {
        for (const { customerId, value } of page) {
          if (customers.has(customerId)) throw new Error(`${customerId} is stored twice`);
          customers.set(customerId, decodeCustomer(customerId, value));
        }
      }
      projections.push({ customers, view });
    }
    return projections;
  } finally {
    redis.close();
  }
};
