/**
 * One step of a partition: time moves on to the as-of, then records are folded at that instant.
 * What comes out is the commit that makes it true and what that commit publishes.
 */

import { admit } from '@holdfast/domain/admit.ts';
import { addContribution, takeChanged } from '@holdfast/domain/aggregates.ts';
import { type Change, changesByRecord } from '@holdfast/domain/changes.ts';
import { type Contribution, contributionOf, dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer, RecordCause } from '@holdfast/domain/customer.ts';
import { decodeCustomer, encodeCustomer } from '@holdfast/domain/customer-state.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { isRejection, type Rejection } from '@holdfast/domain/rejection.ts';
import { type Moment, momentAt } from '@holdfast/domain/rules.ts';
import { offset } from '@holdfast/domain/scalars.ts';
import { deadLetter } from './dead-letter.ts';
import { type DeltaWriter, deltaWriter } from './deltas.ts';
import { encodeOutboxEntry } from './outbox-entry.ts';
import type { Machine, Partition } from './partition.ts';
import type { Commit, OutputBatch, OutputPosition, OutputRecord } from './ports.ts';
import type { ReadBatch, ReadRecord } from './read-change.ts';
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
  batch: ReadBatch,
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
  const folded = await foldRecords(machine, partition, writer, records, moment);
  const publish = { deltas: writer.records, deadLetters: folded.deadLetters };
  const lastRecordAt = records.reduce(
    (latest, { record }) => Math.max(latest, record.timestamp),
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
    counters: partition.counters.takeChanged(),
    outbox:
      publish.deltas.length + publish.deadLetters.length > 0 ? encodeOutboxEntry(publish) : null,
    nextSequence: writer.nextSequence(),
    publishedCommit: partition.acknowledged.commit,
    output: outputOf(partition),
    caughtUp: partition.caughtUp || boundary.nextOffset >= partition.claimedEnd,
    inputEnd: Math.max(batch.endOffset, boundary.nextOffset),
    lastRecordAt,
  };
  return { commit, publish, moment, dueLater: ticked.groups.slice(maxDueGroups) };
}

/**
 * What the next claim reads the logs from. While dead letters lie ahead of the boundary it must see
 * them again, or their records would die twice, or not at all.
 */
const outputOf = ({ acknowledged, dead }: Partition): OutputPosition =>
  dead.size === 0 ? acknowledged.output : { ...acknowledged.output, deadLetterOffset: 0 };

function say(
  { topic }: Machine,
  { partition, counters }: Partition,
  writer: DeltaWriter,
  change: Change,
  { eventId, source, offset: at, knownAt }: RecordCause,
): void {
  writer.write(change, { eventId, source, topic, partition, offset: at }, knownAt);
  if (change.kind === 'movement' && change.op === 'assert') {
    const { movement, arrAfterMinor, arrBeforeMinor } = change.movement;
    counters.add(`movements:${movement}`, Math.abs(arrAfterMinor - arrBeforeMinor));
  }
}

interface FoldedRecords {
  readonly customers: Commit['customers'];
  readonly deadLetters: readonly OutputRecord[];
}

/** A customer touched by this step: what the aggregates hold of it, and what it is now. */
interface Touched {
  readonly before: Contribution | null;
  customer: Customer | null;
}

async function foldRecords(
  machine: Machine,
  partition: Partition,
  writer: DeltaWriter,
  records: readonly ReadRecord[],
  moment: Moment,
): Promise<FoldedRecords> {
  const { rules, topic } = machine;
  const { counters } = partition;
  const deadLetters: OutputRecord[] = [];
  const touched = await touchCustomers(machine, partition, records, moment);
  for (const { record, change } of records) {
    const died = partition.dead.get(record.offset);
    const admitted = isRejection(change) ? change : admit(rules, change, moment.asOf);
    if (died !== undefined || isRejection(admitted)) {
      const reason = died ?? (admitted as Rejection).rejected;
      if (died === undefined) {
        deadLetters.push(deadLetter(topic, partition.partition, record, admitted as Rejection));
      }
      partition.dead.delete(record.offset);
      counters.add('events:dead_letter', 1);
      counters.add(`dead_letters:${reason}`, 1);
      continue;
    }
    const it = touched.get(admitted.customerId) as Touched;
    const at = offset(record.offset);
    const folded = fold(rules, it.customer, admitted, at, moment.asOf);
    counters.add(`events:${folded.result}`, 1);
    const { eventId, source } = admitted;
    for (const said of changesByRecord(rules, it.customer, folded, moment.asOf)) {
      const cause = { eventId, source, offset: at, knownAt: folded.customer.knownAt };
      say(machine, partition, writer, said, cause);
    }
    it.customer = folded.customer;
  }
  return { customers: settle(machine, partition, touched, moment), deadLetters };
}

/** Every customer that the records name, from memory or from the store. */
async function touchCustomers(
  { rules }: Machine,
  { cache, store }: Partition,
  records: readonly ReadRecord[],
  moment: Moment,
): Promise<Map<string, Touched>> {
  const touched = new Map<string, Touched>();
  const missing: string[] = [];
  for (const { change } of records) {
    if (isRejection(change) || touched.has(change.customerId)) continue;
    const cached = cache.get(change.customerId);
    if (cached === undefined) missing.push(change.customerId);
    touched.set(change.customerId, {
      before: cached?.contribution ?? null,
      customer: cached?.customer ?? null,
    });
  }
  if (missing.length === 0) return touched;
  for (const { customerId, value } of await store.readCustomers(missing)) {
    const customer = decodeCustomer(customerId, value);
    touched.set(customerId, { before: contributionOf(rules, customer, moment), customer });
  }
  return touched;
}

/** Replaces the contributions of touched customers and says what is to be stored of them. */
function settle(
  { rules }: Machine,
  { aggregates, cache }: Partition,
  touched: ReadonlyMap<string, Touched>,
  moment: Moment,
): Commit['customers'] {
  const rows: Commit['customers'][number][] = [];
  for (const [customerId, { before, customer }] of touched) {
    if (customer === null || cache.get(customerId)?.customer === customer) continue;
    const contribution = contributionOf(rules, customer, moment);
    if (before !== null) addContribution(aggregates, before, -1);
    addContribution(aggregates, contribution, 1);
    cache.set(customerId, { customer, contribution });
    rows.push({
      customerId,
      value: encodeCustomer(customer),
      due: dueAfter(rules, customer, moment),
    });
  }
  return rows;
}
