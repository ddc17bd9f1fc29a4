/**
 * The real pipeline of one partition over the embedded log, store and sink: lines go in as bytes,
 * a commit is read, folded, stored and published, and a claim can be made anew at any time.
 */

import { policyOf } from '@holdfast/config/policy.ts';
import { policyHash } from '@holdfast/config/policy-hash.ts';
import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import type { Delta } from '@holdfast/domain/delta.ts';
import { compileRules, type Rules } from '@holdfast/domain/rules.ts';
import { embeddedLog } from '@holdfast/embedded/log.ts';
import { embeddedDeltaSink } from '@holdfast/embedded/output.ts';
import { embeddedStore } from '@holdfast/embedded/store.ts';
import { type Claimed, type ClaimTools, claim } from '@holdfast/pipeline/claim.ts';
import { apply } from '@holdfast/pipeline/partition.ts';
import type { Boundary, Clock, PartitionInput } from '@holdfast/pipeline/ports.ts';
import { readableBatch } from '@holdfast/pipeline/read-change.ts';
import { step } from '@holdfast/pipeline/step.ts';
import { runWorker } from '@holdfast/pipeline/worker.ts';

/** What a user can see of what was stored and said. */
export interface Seen {
  readonly boundary: Boundary | null;
  readonly customers: ReadonlyMap<string, string>;
  readonly aggregates: ReadonlyMap<string, string>;
  readonly deltas: readonly Delta[];
}

export interface DeadLetter {
  readonly value: string;
  readonly reason: string;
  readonly message: string;
}

export interface Pipe {
  readonly rules: Rules;
  readonly append: (lines: readonly string[]) => void;
  readonly claim: () => Promise<Claimed>;
  /** Reads what was appended, up to the as-of; throws what stops the processor. */
  readonly commit: (claimed: Claimed, asOf: number) => Promise<void>;
  /** The processor's own loop, until something stops it. */
  readonly runUntilStopped: () => Promise<unknown>;
  readonly seen: () => Seen;
  readonly counters: () => ReadonlyMap<string, number>;
  readonly deadLetters: () => readonly DeadLetter[];
}

const TOPIC = 'subscription-changes';

export async function openPipe(file: object, now: number): Promise<Pipe> {
  const policy = policyOf(file);
  const rules = compileRules(policy);
  const clock: Clock = { now: () => now, simulated: true, wait: async () => undefined };
  const log = embeddedLog({ topic: TOPIC, partitions: 1, partitionFor: () => 0 });
  const sink = embeddedDeltaSink({ partitions: 1 });
  const { store, snapshot } = embeddedStore({ partitions: 1, clock });
  let ids = 0;
  const tools: ClaimTools = {
    machine: {
      rules,
      changes: jsonChangeCodec,
      deltas: jsonDeltaCodec,
      topic: TOPIC,
      generation: 'g1',
      partitionFor: () => 0,
    },
    store,
    sink,
    clock,
    policyHash: policyHash(policy),
    cacheCapacity: 100,
    newId: () => `c${ids++}`,
    foldingAgain: (_, difference) => {
      throw new Error(`folded again: ${difference}`);
    },
  };
  const assigned = Promise.withResolvers<PartitionInput>();
  await log.inGroup('one').subscribe({
    assigned: assigned.resolve,
    revoked: async () => undefined,
    failed: assigned.reject,
  });
  const input = await assigned.promise;
  const folded = () => snapshot().get(0)?.folded;

  const commit = async ({ partition, output }: Claimed, asOf: number): Promise<void> => {
    const batch = await input.poll(0);
    const readable = await readableBatch(tools.machine, 0, batch);
    const next = await step(tools.machine, partition, readable, asOf, tools.newId());
    const { answer, firstDue } = await partition.store.commit(next.commit);
    if (answer !== 'applied') throw new Error(`the commit was answered ${answer}`);
    apply(partition, next, firstDue);
    const position = await output.publish(next.publish);
    partition.acknowledged = { commit: next.commit.number, output: position };
  };

  return {
    rules,
    append: (lines) => {
      log.append(
        lines.map((line) => ({
          timestamp: now,
          key: Buffer.from(JSON.parse(line).customer_id),
          value: Buffer.from(line),
        })),
      );
    },
    claim: () => claim(tools, input, new AbortController().signal),
    commit,
    runUntilStopped: () => {
      const nothing = () => undefined;
      const events = {
        claimed: nothing,
        committed: nothing,
        published: nothing,
        blocked: nothing,
        ended: nothing,
      };
      const worker = { ...tools, events, stopwatch: () => 0, batchRecords: 100, tickEveryMs: 0 };
      return runWorker(worker, input, new AbortController().signal);
    },
    seen: () => ({
      boundary: folded()?.boundary ?? null,
      customers: folded()?.customers ?? new Map(),
      aggregates: folded()?.aggregates ?? new Map(),
      deltas: sink.deltas(0).map(({ value }) => jsonDeltaCodec.decode(value as Uint8Array)),
    }),
    counters: () => folded()?.counters ?? new Map(),
    deadLetters: () =>
      sink.deadLetters(0).map(({ value, headers }) => ({
        value: Buffer.from(value as Uint8Array).toString(),
        reason: headers['holdfast-reason'] as string,
        message: headers['holdfast-message'] as string,
      })),
  };
}
