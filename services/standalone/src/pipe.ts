/** The whole pipe in this process: embedded log, store and sink around the real processor. */

import { policyHash } from '@holdfast/config/policy-hash.ts';
import { formatChangeLine, jsonChangeCodec } from '@holdfast/contracts/json-change.ts';
import { jsonDeltaCodec } from '@holdfast/contracts/json-delta.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { embeddedLog } from '@holdfast/embedded/log.ts';
import { embeddedDeltaSink } from '@holdfast/embedded/output.ts';
import { embeddedStore } from '@holdfast/embedded/store.ts';
import type { Intake } from '@holdfast/ledger/intake.ts';
import type { Clock, ProjectionReader } from '@holdfast/pipeline/ports.ts';
import { type Processor, startProcessor } from '@holdfast/pipeline/processor.ts';
import { type LastMovements, lastMovements } from './last-movements.ts';
import { ledgerFeed } from './ledger-feed.ts';

/** One partition: gauges are whole after every commit, however fast time runs. */
export const PARTITIONS = 1;
const TOPIC = 'subscription-changes';
export const GENERATION = 'demo';
const SHOWN_MOVEMENTS = 6;
/** What a demo that runs for hours keeps of its logs. */
const KEPT_RECORDS = 10_000;
const TICK_EVERY_MS = 100;
const BATCH_RECORDS = 5_000;

export interface Pipe {
  /** Puts records on the input topic. */
  append(records: readonly ChangeRecord[]): void;
  /** Resolves when everything appended so far is folded and time stands at the clock's. */
  settled(): Promise<void>;
  readonly reader: ProjectionReader;
  readonly movements: LastMovements['movements'];
  readonly done: Processor['done'];
  close(): Promise<void>;
}

export interface PipeOptions {
  readonly policy: Policy;
  readonly clock: Clock;
  /** Real ms, from any zero. */
  readonly stopwatch: () => number;
  readonly newId: () => string;
  readonly intake: Intake;
}

export async function startPipe({
  policy,
  clock,
  stopwatch,
  newId,
  intake,
}: PipeOptions): Promise<Pipe> {
  const log = embeddedLog({
    topic: TOPIC,
    partitions: PARTITIONS,
    partitionFor: () => 0,
    keep: KEPT_RECORDS,
  });
  const sink = embeddedDeltaSink({ partitions: PARTITIONS, keep: KEPT_RECORDS });
  const { store, reader } = embeddedStore({ partitions: PARTITIONS, clock });
  const fed = ledgerFeed(sink, jsonDeltaCodec, intake);
  const last = lastMovements(fed.sink, jsonDeltaCodec, SHOWN_MOVEMENTS);
  let appended = 0;
  let boundary = { nextOffset: 0, asOf: 0 };
  let arrived: (() => void) | null = null;

  const processor = await startProcessor(log.inGroup('demo'), {
    machine: {
      rules: compileRules(policy),
      changes: jsonChangeCodec,
      deltas: jsonDeltaCodec,
      topic: TOPIC,
      generation: GENERATION,
      partitionFor: () => 0,
    },
    store,
    sink: last.sink,
    clock,
    policyHash: policyHash(policy),
    cacheCapacity: 200_000,
    newId,
    foldingAgain: () => undefined,
    stopwatch: () => stopwatch() / 1_000,
    batchRecords: BATCH_RECORDS,
    tickEveryMs: TICK_EVERY_MS,
    events: {
      claimed: () => undefined,
      committed: (partition, commit) => {
        fed.committed(partition, commit);
        boundary = commit.boundary;
        arrived?.();
      },
      published: () => undefined,
      blocked: () => undefined,
      ended: () => undefined,
    },
  });

  return {
    append: (records) => {
      appended += records.length;
      log.append(
        records.map((record) => ({
          timestamp: record.recordedAt,
          key: Buffer.from(record.customerId),
          value: Buffer.from(formatChangeLine(record)),
        })),
      );
    },
    settled: async () => {
      const asOf = clock.now();
      while (boundary.nextOffset < appended || boundary.asOf < asOf) {
        await new Promise<void>((resolve, reject) => {
          arrived = resolve;
          processor.done.then(resolve, reject);
        });
      }
    },
    reader,
    movements: last.movements,
    done: processor.done,
    close: () => processor.close(),
  };
}
