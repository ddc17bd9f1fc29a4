/** One partition and the generations of its state, step by step and in one process. */

import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { embeddedLog } from '@holdfast/embedded/log.ts';
import { type EmbeddedDeltaSink, embeddedDeltaSink } from '@holdfast/embedded/output.ts';
import { type EmbeddedStore, embeddedStore } from '@holdfast/embedded/store.ts';
import { type ClaimTools, claim } from '@holdfast/pipeline/claim.ts';
import { apply } from '@holdfast/pipeline/partition.ts';
import type {
  DeltaSink,
  OutputReader,
  PartitionInput,
  PartitionOutput,
} from '@holdfast/pipeline/ports.ts';
import { readableBatch } from '@holdfast/pipeline/read-change.ts';
import { step } from '@holdfast/pipeline/step.ts';
import { inputRanges } from '@holdfast/replay/input-ranges.ts';
import { type PromoteTools, promotePartition } from '@holdfast/replay/promote.ts';

const TOPIC = 't';
const START = Date.UTC(2026, 0, 15);
const DAY_MS = 86_400_000;
/** The true time of a world, UTC ms. */
interface Time {
  now: number;
}

export type Generation = ClaimTools & EmbeddedStore;

/** A change of customer `a`. `aheadMs`: recorded so much later than the world began. */
export const change = (version: number, amount: number, aheadMs = -DAY_MS): string =>
  JSON.stringify({
    type: 'subscription_changed',
    event_id: `e${version}`,
    customer_id: 'a',
    subscription_id: 's',
    version,
    recorded_at: new Date(START + aheadMs).toISOString(),
    effective_at: new Date(START - 14 * DAY_MS).toISOString(),
    status: 'active',
    items: [{ product_id: 'core', amount_minor: amount, currency: 'USD', interval: 'month' }],
  });

export const openWorld = () => {
  const time: Time = { now: START };
  const clock = { now: () => time.now, simulated: true, wait: async () => undefined };
  const log = embeddedLog({ topic: TOPIC, partitions: 1, partitionFor: () => 0 });
  const sink = embeddedDeltaSink({ partitions: 1 });
  let members = 0;
  let ids = 0;

  const append = (...values: readonly string[]): void =>
    log.append(
      values.map((value) => ({
        timestamp: START,
        key: Buffer.from('a'),
        value: Buffer.from(value),
      })),
    );

  const input = async (): Promise<PartitionInput> => {
    const assigned = Promise.withResolvers<PartitionInput>();
    members += 1;
    await log.inGroup(`group ${members}`).subscribe({
      assigned: assigned.resolve,
      revoked: async () => undefined,
      failed: assigned.reject,
    });
    return assigned.promise;
  };

  /** A generation with a store of its own; one of the same name is the same after it lost all. */
  const generation = (name: string): Generation => ({
    ...embeddedStore({ partitions: 1, clock }),
    machine: {
      rules: compileRules(DEFAULT_POLICY),
      changes: jsonChangeCodec,
      deltas: jsonDeltaCodec,
      topic: TOPIC,
      generation: name,
      partitionFor: () => 0,
    },
    sink,
    clock,
    policyHash: 'p',
    cacheCapacity: 10,
    newId: () => {
      ids += 1;
      return `i${ids}`;
    },
    foldingAgain: () => undefined,
  });

  /** Claims and commits all of the input a second later; what is to be published comes back. */
  const fold = async (tools: ClaimTools) => {
    time.now += 1_000;
    const own = await input();
    const { partition, output } = await claim(tools, own, new AbortController().signal);
    const readable = await readableBatch(tools.machine, 0, await own.poll(0));
    const next = await step(tools.machine, partition, readable, time.now, tools.newId());
    const { answer, firstDue } = await partition.store.commit(next.commit);
    if (answer !== 'applied') throw new Error(`the commit was answered ${answer}`);
    apply(partition, next, firstDue);
    return { batch: next.publish, output, publish: () => output.publish(next.publish) };
  };

  const reader = readerOf(sink);
  const promote = async (tools: Generation, changed: Partial<PromoteTools> = {}) => {
    time.now += 1_000;
    const [state, ledger] = [await input(), inputRanges(await input(), () => undefined)];
    const own: PromoteTools = {
      ...tools,
      reader,
      batchRecords: 10,
      folded: () => undefined,
      view: async () => (await tools.reader.readViews())[0]!,
      back: false,
      reached: () => undefined,
      ...changed,
    };
    return promotePartition(own, { state, ledger });
  };

  return { append, input, generation, fold, reader, sink, promote };
};

const readerOf = (sink: EmbeddedDeltaSink): OutputReader => {
  const from = <One extends { readonly offset: number }>(records: readonly One[], offset: number) =>
    records.filter((record) => record.offset >= offset);
  return {
    lastDelta: sink.lastDelta,
    readDeltas: async function* (partition, offset) {
      yield from(sink.deltas(partition), offset);
    },
    readDeadLetters: async function* (partition, offset) {
      yield from(sink.deadLetters(partition), offset);
    },
  };
};

/** The sink, with something else in the way of what its outputs do. */
export const throughSink = (
  sink: DeltaSink,
  changed: (output: PartitionOutput) => Partial<PartitionOutput>,
): DeltaSink => ({
  ...sink,
  open: async (partition) => {
    const output = await sink.open(partition);
    return { ...output, ...changed(output) };
  },
});
