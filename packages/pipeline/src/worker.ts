/**
 * The loop of one owned partition: poll, read, step, commit, publish, acknowledge. Every way out
 * is visible here: given up, fenced, claimed again after the store went back, or failed.
 */

import { HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import { type ClaimTools, claim } from './claim.ts';
import { isOfEmptyLog } from './incarnation.ts';
import { apply, type Partition } from './partition.ts';
import type { Commit, CommitAnswer, InputBatch, PartitionInput } from './ports.ts';
import { type Publisher, publisher } from './publisher.ts';
import { readableBatch } from './read-change.ts';
import { type Step, step } from './step.ts';

/** What the loop tells of itself; a metrics registry or a test listens. */
export interface WorkerEvents {
  readonly claimed: (partition: number, epoch: number) => void;
  readonly committed: (
    partition: number,
    commit: Commit,
    records: number,
    seconds: StepSeconds,
  ) => void;
  readonly published: (partition: number, deltas: number, deadLetters: number) => void;
  /** Something is out of reach and tried again; null: it is back. */
  readonly blocked: (partition: number, error: Error | null) => void;
  readonly ended: (partition: number, how: WorkerEnd) => void;
}

/** Where the time of one step went, in seconds. */
export interface StepSeconds {
  readonly read: number;
  readonly fold: number;
  readonly commit: number;
}

export type WorkerEnd = 'revoked' | 'fenced';

export interface WorkerTools extends ClaimTools {
  readonly events: WorkerEvents;
  /** Real seconds, for `StepSeconds`. */
  readonly stopwatch: () => number;
  /** Most records folded in one commit. */
  readonly batchRecords: number;
  /** Longest wait for records before time moves on without them, ms. */
  readonly tickEveryMs: number;
}

const RETRY_MS = 500;
/** How soon a generation that was promoted takes over. */
const STAND_BY_MS = 1_000;

/** Owns the partition until the signal is aborted or another owner fences it. */
export async function runWorker(
  tools: WorkerTools,
  input: PartitionInput,
  signal: AbortSignal,
): Promise<WorkerEnd> {
  for (;;) {
    if (signal.aborted) return 'revoked';
    try {
      const end = await ownPartition(tools, input, signal);
      if (end !== 'reclaim') return end;
    } catch (error) {
      if (signal.aborted) return 'revoked';
      if (isHoldfastError(error, 'fenced') || isHoldfastError(error, 'publish_fenced')) {
        return 'fenced';
      }
      if (!isHoldfastError(error) || !error.retry) throw error;
      tools.events.blocked(input.partition, error);
      const standsBy = isHoldfastError(error, 'generation_not_live');
      await tools.clock.wait(standsBy ? STAND_BY_MS : RETRY_MS, signal);
    }
  }
}

async function ownPartition(
  tools: WorkerTools,
  input: PartitionInput,
  signal: AbortSignal,
): Promise<WorkerEnd | 'reclaim'> {
  const { partition, output, unacknowledged } = await claim(tools, input, signal);
  tools.events.claimed(partition.partition, partition.epoch);
  const publishing = publisher({
    partition: partition.partition,
    sink: tools.sink,
    output,
    start: partition.acknowledged,
    clock: tools.clock,
    signal,
    blocked: (error) => tools.events.blocked(partition.partition, error),
    published: (deltas, deadLetters) =>
      tools.events.published(partition.partition, deltas, deadLetters),
  });
  try {
    for (const { commit, batch, ...remaining } of unacknowledged) {
      await publishing.submit(commit, batch, remaining);
    }
    return await loop(tools, input, partition, publishing, signal);
  } finally {
    await publishing.close();
  }
}

async function loop(
  tools: WorkerTools,
  input: PartitionInput,
  partition: Partition,
  publishing: Publisher,
  signal: AbortSignal,
): Promise<WorkerEnd | 'reclaim'> {
  let held: InputBatch | null = null;
  while (!signal.aborted) {
    const polled: InputBatch = held ?? (await input.poll(tools.tickEveryMs));
    const [batch, rest] = splitBatch(polled, tools.batchRecords);
    held = rest;
    const started = tools.stopwatch();
    const readable = await untilReachable(tools, partition.partition, signal, () =>
      readableBatch(tools.machine, partition.partition, batch),
    );
    if (readable === null) break;
    if (isOfEmptyLog(partition.incarnation) && batch.records.length > 0) {
      partition.incarnation = (await input.identify()).incarnation;
    }
    partition.acknowledged = publishing.acknowledged();
    const asOf = Math.max(partition.moment.asOf, tools.clock.now());
    if (isIdle(partition, batch, asOf)) continue;
    const readAt = tools.stopwatch();
    const next = await step(tools.machine, partition, readable, asOf, tools.newId());
    const foldedAt = tools.stopwatch();
    const outcome = await untilReachable(tools, partition.partition, signal, () =>
      partition.store.commit(next.commit),
    );
    if (outcome === null) break;
    const end = afterAnswer(outcome.answer, next);
    if (end !== null) return end;
    apply(partition, next, outcome.firstDue);
    tools.events.committed(partition.partition, next.commit, readable.records.length, {
      read: readAt - started,
      fold: foldedAt - readAt,
      commit: tools.stopwatch() - foldedAt,
    });
    // Only what publishes is acknowledged: an acknowledgement of nothing would be a commit of its own.
    if (next.commit.outbox !== null) await publishing.submit(next.commit.number, next.publish);
    if (next.dueLater.length > 0) partition.firstDue = await partition.store.setDue(next.dueLater);
    partition.cache.trim();
  }
  await publishing.drain();
  return 'revoked';
}

/** The first records of a batch, and what is left of it. */
export function splitBatch(
  batch: InputBatch,
  most: number,
): readonly [InputBatch, InputBatch | null] {
  const next = batch.records[most];
  if (next === undefined) return [batch, null];
  return [
    { ...batch, records: batch.records.slice(0, most), nextOffset: next.offset },
    { ...batch, records: batch.records.slice(most) },
  ];
}

/** Nothing has happened that the store does not know already. */
const isIdle = (partition: Partition, batch: InputBatch, asOf: number): boolean =>
  batch.nextOffset === partition.nextOffset &&
  asOf === partition.moment.asOf &&
  partition.caughtUp &&
  partition.acknowledged.commit === partition.storedAcknowledgement;

/** Back-pressure: the same call again until it succeeds; null when the partition is given up. */
async function untilReachable<Answer>(
  { clock, events }: WorkerTools,
  partition: number,
  signal: AbortSignal,
  call: () => Promise<Answer>,
): Promise<Answer | null> {
  let wasBlocked = false;
  while (!signal.aborted) {
    try {
      const answer = await call();
      if (wasBlocked) events.blocked(partition, null);
      return answer;
    } catch (error) {
      if (!isHoldfastError(error) || !error.retry) throw error;
      wasBlocked = true;
      events.blocked(partition, error);
      await clock.wait(RETRY_MS, signal);
    }
  }
  return null;
}

/** Null: go on. */
function afterAnswer(answer: CommitAnswer, { commit }: Step): WorkerEnd | 'reclaim' | null {
  switch (answer) {
    case 'applied':
    case 'already':
      return null;
    case 'fenced':
      return 'fenced';
    case 'reclaim':
      return 'reclaim';
    case 'clock':
      // Memory has moved on already; claimed again, it stands where the store stands.
      throw new HoldfastError(
        'clock_ahead',
        `the as-of would be ${new Date(commit.boundary.asOf).toISOString()}`,
      );
  }
}
