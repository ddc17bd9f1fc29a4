/**
 * The log says who is live, and whoever reads it to the end takes time: a generation may be promoted
 * meanwhile, also by what a replayer had sent before it was killed.
 */

import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { embeddedLog } from '@holdfast/embedded/log.ts';
import { embeddedDeltaSink } from '@holdfast/embedded/output.ts';
import { embeddedStore } from '@holdfast/embedded/store.ts';
import { type ClaimTools, claim } from '@holdfast/pipeline/claim.ts';
import { HEADERS } from '@holdfast/pipeline/headers.ts';
import { apply } from '@holdfast/pipeline/partition.ts';
import type { DeltaSink, OutputReader, PartitionInput } from '@holdfast/pipeline/ports.ts';
import { readableBatch } from '@holdfast/pipeline/read-change.ts';
import { step } from '@holdfast/pipeline/step.ts';
import { inputRanges } from '@holdfast/replay/input-ranges.ts';
import { type PromoteTools, promotePartition } from '@holdfast/replay/promote.ts';
import { describe, expect, it } from 'vitest';

const NOW = Date.UTC(2026, 0, 15);
const LINE =
  '{"type":"subscription_changed","event_id":"e","customer_id":"a","subscription_id":"s","version":1,' +
  '"recorded_at":"2026-01-01T00:00:00Z","effective_at":"2026-01-01T00:00:00Z","status":"active",' +
  '"items":[{"product_id":"core","amount_minor":100,"currency":"USD","interval":"month"}]}';
const TOPIC = 't';

/** One partition with one record, and what generations of it share. */
const openWorld = () => {
  const clock = { now: () => NOW, simulated: true, wait: async () => undefined };
  const log = embeddedLog({ topic: TOPIC, partitions: 1, partitionFor: () => 0 });
  log.append([{ timestamp: NOW, key: Buffer.from('a'), value: Buffer.from(LINE) }]);
  const sink = embeddedDeltaSink({ partitions: 1 });
  let members = 0;
  let ids = 0;

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

  const toolsOf = (generation: string): ClaimTools & ReturnType<typeof embeddedStore> => ({
    ...embeddedStore({ partitions: 1, clock }),
    machine: {
      rules: compileRules(DEFAULT_POLICY),
      changes: jsonChangeCodec,
      deltas: jsonDeltaCodec,
      topic: TOPIC,
      generation,
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

  /** Claims and folds all of the input; what is to be published comes back. */
  const fold = async (tools: ClaimTools, asOf: number) => {
    const own = await input();
    const { partition, output } = await claim(tools, own, new AbortController().signal);
    const readable = await readableBatch(tools.machine, 0, await own.poll(0));
    const next = await step(tools.machine, partition, readable, asOf, tools.newId());
    const { answer, firstDue } = await partition.store.commit(next.commit);
    expect(answer).toBe('applied');
    apply(partition, next, firstDue);
    return { publish: () => output.publish(next.publish) };
  };

  const from = <One extends { readonly offset: number }>(records: readonly One[], offset: number) =>
    records.filter((record) => record.offset >= offset);
  const reader: OutputReader = {
    lastDelta: sink.lastDelta,
    readDeltas: async function* (partition, offset) {
      yield from(sink.deltas(partition), offset);
    },
    readDeadLetters: async function* (partition, offset) {
      yield from(sink.deadLetters(partition), offset);
    },
  };

  const next = toolsOf('g2');
  const promote = async (change: Partial<PromoteTools> = {}) => {
    const [state, ledger] = [await input(), inputRanges(await input(), () => undefined)];
    const tools: PromoteTools = {
      ...next,
      reader,
      batchRecords: 10,
      folded: () => undefined,
      view: async () => (await next.reader.readViews())[0]!,
      back: false,
      reached: () => undefined,
      ...change,
    };
    return promotePartition(tools, { state, ledger });
  };

  return { input, toolsOf, fold, reader, sink, promote };
};

/** The sink, with something else in the way of what its outputs do. */
const throughSink = (
  sink: DeltaSink,
  change: (output: Awaited<ReturnType<DeltaSink['open']>>) => object,
): DeltaSink => ({
  ...sink,
  open: async (partition) => {
    const output = await sink.open(partition);
    return { ...output, ...change(output) };
  },
});

describe('a generation that is promoted meanwhile', () => {
  it('is not folded by the one before, which keeps its state for the way back', async () => {
    const { input, toolsOf, fold, sink, promote } = openWorld();
    const elder = toolsOf('g1');
    await fold(elder, NOW - 1);
    const before = elder.snapshot().get(0)?.folded;
    // What was published instead, as after a failover.
    await (await fold(toolsOf('g1'), NOW)).publish();
    let readsAll = false;
    const tools: ClaimTools = {
      ...elder,
      foldingAgain: () => {
        readsAll = true;
      },
      sink: throughSink(sink, (output) => ({
        readDeltas: async function* (offset: number) {
          if (readsAll) await promote();
          yield* output.readDeltas(offset);
        },
      })),
    };
    await expect(claim(tools, await input(), new AbortController().signal)).rejects.toMatchObject({
      code: 'generation_not_live',
    });
    expect(sink.deltas(0).at(-1)?.headers[HEADERS.restatement]).toBe('g2');
    expect(elder.snapshot().get(0)?.folded.customers).toEqual(before?.customers);
  });

  it('by what a killed replayer had sent is found so by the next one', async () => {
    const { toolsOf, fold, reader, sink, promote } = openWorld();
    await (await fold(toolsOf('g1'), NOW)).publish();
    let arrive = async (): Promise<unknown> => expect.unreachable('nothing was sent');
    const killed = new Error('killed');
    const sent = promote({
      sink: throughSink(sink, (output) => ({
        publish: async (batch: Parameters<typeof output.publish>[0]) => {
          arrive = () => output.publish(batch);
          throw killed;
        },
      })),
    });
    await expect(sent).rejects.toBe(killed);
    const again = await promote({
      reader: {
        ...reader,
        readDeltas: async function* (partition, offset) {
          await arrive();
          yield* reader.readDeltas(partition, offset);
        },
      },
    });
    expect(again).toEqual({ kind: 'already' });
  });
});
