/**
 * One step of a partition: time moves on to the as-of, then records are folded at that instant.
 * What comes out is the commit that makes it true and what that commit publishes.
 */

import { takeChanged } from '@holdfast/domain/aggregates.ts';
import { type Moment, momentAt } from '@holdfast/domain/rules.ts';
import { deltaWriter } from './deltas.ts';
import { foldRecords } from './fold-records.ts';
import type { Machine, Partition } from './partition.ts';
import type { Commit, OutputBatch, OutputPosition } from './ports.ts';
import type { ReadableBatch } from './read-change.ts';
import { say } from './say.ts';
import { tick } from './tick.ts';

export interface Step {
  readonly commit: Commit;
  readonly publish: OutputBatch;
  /** The moment that the commit stands at. */
  readonly moment: Moment;
  /** Due entries too many for one commit: to be set after it and before the next. */
  readonly dueLater: Commit['dueGroups'];
}

export interface StepOptions {
  /** Folds what was published before: nothing is said of it. */
  readonly silent?: boolean;
}

const MAX_DUE_GROUPS = 5_000;

export async function step(
  machine: Machine,
  partition: Partition,
  batch: ReadableBatch,
  asOf: number,
  commitId: string,
  { silent = false }: StepOptions = {},
): Promise<Step> {
  const { rules, maxDueGroups = MAX_DUE_GROUPS } = machine;
  const moment = asOf === partition.moment.asOf ? partition.moment : momentAt(rules, asOf);
  const ticked = await tick(machine, partition, moment);
  const { records, nextOffset } = batch;
  const boundary = { nextOffset, asOf };
  const writer = deltaWriter({
    codec: machine.deltas,
    generation: machine.generation,
    partition: partition.partition,
    currency: rules.policy.reportingCurrency,
    from: { nextOffset: partition.nextOffset, asOf: partition.moment.asOf },
    to: boundary,
    nextSequence: partition.nextSequence,
    silent,
  });
  for (const { change, cause } of ticked.changes) say(machine, partition, writer, change, cause);
  const folded = await foldRecords(machine, partition, writer, batch, moment);
  const outbox = writer.end(folded.deadLetters);
  const lastRecordAt = records.reduce(
    (latest, { timestamp }) => Math.max(latest, timestamp),
    partition.lastRecordAt,
  );
  const commit: Commit = {
    epoch: partition.epoch,
    number: partition.commitNumber + 1,
    id: commitId,
    incarnation: partition.incarnation,
    boundary,
    customers: folded.customers,
    dueGroups: ticked.groups.slice(0, maxDueGroups),
    aggregates: takeChanged(partition.aggregates),
    losses: partition.losses.takeChanged(),
    counters: partition.counters.takeChanged(),
    outbox: outbox.entry,
    nextSequence: writer.nextSequence(),
    publishedCommit: partition.acknowledged.commit,
    output: outputOf(partition),
    caughtUp: partition.caughtUp || boundary.nextOffset >= partition.claimedEnd,
    inputEnd: Math.max(batch.endOffset, boundary.nextOffset),
    lastRecordAt,
  };
  return { commit, publish: outbox.batch, moment, dueLater: ticked.groups.slice(maxDueGroups) };
}

/**
 * What the next claim reads the logs from. While dead letters lie ahead of the boundary it must see
 * them again, or their records would die twice, or not at all.
 */
const outputOf = ({ acknowledged, dead }: Partition): OutputPosition =>
  dead.size === 0 ? acknowledged.output : { ...acknowledged.output, deadLetterOffset: 0 };
