/**
 * The servers of a simulated world and what they hold: input logs, output logs, store. Everything
 * in here is sure; what may go wrong lies between it and the processes.
 */

import type { ChangeCodec } from '@holdfast/contracts/codec.ts';
import { jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import { compileRules, type Rules } from '@holdfast/domain/rules.ts';
import { type LogPartition, logPartition } from '@holdfast/embedded/log-partition.ts';
import { type EmbeddedDeltaSink, embeddedDeltaSink } from '@holdfast/embedded/output.ts';
import { type EmbeddedStore, embeddedStore } from '@holdfast/embedded/store.ts';
import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { Server } from './network.ts';
import type { OutputServer } from './simulated-output.ts';
import { partitionOfKey } from './workload.ts';

export interface Truth {
  readonly machine: Machine;
  readonly logs: readonly LogPartition[];
  readonly sink: EmbeddedDeltaSink;
  readonly store: EmbeddedStore;
  readonly servers: {
    readonly input: Server;
    readonly output: OutputServer;
    readonly store: Server;
    readonly registry: Server;
  };
}

export interface TruthOptions {
  readonly partitions: number;
  readonly policy: Policy;
  /** The store's own clock, UTC ms. */
  readonly storeNow: () => number;
}

const TOPIC = 'changes';

export const truth = ({ partitions, policy, storeNow }: TruthOptions): Truth => ({
  machine: {
    rules: rulesOf(policy),
    changes: onceDecoded,
    deltas: jsonDeltaCodec,
    topic: TOPIC,
    generation: 'g1',
    partitionFor: partitionOfKey,
  },
  logs: Array.from({ length: partitions }, (_, at) => logPartition(`${TOPIC}/${at}`)),
  sink: embeddedDeltaSink({ partitions }),
  store: embeddedStore({ partitions, clock: { now: storeNow } }),
  servers: {
    input: { name: 'input', isUp: true },
    output: { name: 'output', isUp: true, mayWrite: true },
    store: { name: 'store', isUp: true },
    registry: { name: 'registry', isUp: true },
  },
});

/** Compiled once for all worlds: the calendar that rules remember costs more than a schedule. */
const compiled = new Map<Policy, Rules>();
export const rulesOf = (policy: Policy): Rules => {
  const rules = compiled.get(policy) ?? compileRules(policy);
  compiled.set(policy, rules);
  return rules;
};

/** The same bytes are read again by every process, watch and audit. */
const decoded = new WeakMap<Uint8Array, ReturnType<ChangeCodec['decode']>>();
const onceDecoded: ChangeCodec = {
  decode: (value) => {
    const known = decoded.get(value) ?? jsonChangeCodec.decode(value);
    decoded.set(value, known);
    return known;
  },
  knows: jsonChangeCodec.knows,
  learn: jsonChangeCodec.learn,
};
