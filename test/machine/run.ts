/**
 * Runs the real step over the embedded store, one commit of a delivery after another, and reads
 * back what a user would see: gauges' rows, published deltas, projections.
 */

import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import { emptyAggregates } from '@holdfast/domain/aggregates.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { losses } from '@holdfast/domain/losses.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { compileRules, momentAt } from '@holdfast/domain/rules.ts';
import { embeddedStore } from '@holdfast/embedded/store.ts';
import { counters } from '@holdfast/pipeline/counters.ts';
import { customerCache } from '@holdfast/pipeline/customer-cache.ts';
import { apply, type Machine, type Partition } from '@holdfast/pipeline/partition.ts';
import type { CustomerRow, InputRecord, PartitionView } from '@holdfast/pipeline/ports.ts';
import { step } from '@holdfast/pipeline/step.ts';
import type { ReferenceCommit } from '../reference/published.ts';

export interface Run {
  readonly commit: (next: ReferenceCommit) => Promise<readonly Delta[]>;
  readonly view: () => Promise<PartitionView>;
  readonly customers: () => Promise<readonly CustomerRow[]>;
}

export const TOPIC = 'subscription-changes';

/** `cacheCapacity` 0 makes every commit read its customers from the store. */
export async function startRun(policy: Policy, cacheCapacity: number): Promise<Run> {
  const rules = compileRules(policy);
  const machine: Machine = {
    rules,
    changes: { decode: () => 'schema_unknown', knows: () => true, learn: async () => undefined },
    deltas: jsonDeltaCodec,
    topic: TOPIC,
    generation: 'g1',
    partitionFor: () => 0,
  };
  const { store, reader } = embeddedStore({ partitions: 1, clock: { now: () => 0 } });
  const claimed = await store.claim(0, { policyHash: 'p', simulatedClock: true });
  const partition: Partition = {
    partition: 0,
    store: claimed.store,
    epoch: claimed.meta.epoch,
    aggregates: emptyAggregates(rules),
    losses: losses(rules),
    counters: counters(new Map()),
    cache: customerCache(cacheCapacity),
    claimedEnd: 0,
    dead: new Map(),
    incarnation: 'i',
    commitNumber: 0,
    nextOffset: 0,
    moment: momentAt(rules, 0),
    firstDue: null,
    nextSequence: 0,
    lastRecordAt: 0,
    inputEnd: 0,
    caughtUp: true,
    acknowledged: { commit: 0, output: { deltaOffset: 0, deadLetterOffset: 0 } },
    storedAcknowledgement: 0,
  };

  const commit = async ({ asOf, records }: ReferenceCommit): Promise<readonly Delta[]> => {
    const nextOffset = (records.at(-1)?.offset ?? partition.nextOffset - 1) + 1;
    const changes = new Map(records.map(({ record, offset }) => [offset as number, record]));
    const batch = {
      records: records.map(({ record, offset }) => ({
        offset,
        timestamp: record.recordedAt,
        key: Buffer.from(record.customerId),
        value: null,
      })),
      read: ({ offset }: InputRecord) => changes.get(offset) as ChangeRecord,
      nextOffset,
      endOffset: nextOffset,
    };
    const next = await step(machine, partition, batch, asOf, `c${partition.commitNumber}`);
    const { answer, firstDue } = await partition.store.commit(next.commit);
    if (answer !== 'applied') throw new Error(`the commit was answered ${answer}`);
    if (next.publish.deadLetters.length > 0) {
      throw new Error(JSON.stringify(next.publish.deadLetters.map(({ headers }) => headers)));
    }
    apply(partition, next, firstDue);
    partition.cache.trim();
    return next.publish.deltas.map(({ value }) => jsonDeltaCodec.decode(value as Uint8Array));
  };

  return {
    commit,
    view: async () => (await reader.readViews())[0] as PartitionView,
    customers: async () => {
      const rows: CustomerRow[] = [];
      for await (const page of partition.store.scanCustomers()) rows.push(...page);
      return rows.sort((a, b) => (a.customerId < b.customerId ? -1 : 1));
    },
  };
}
