/**
 * Folds records one after the other at one instant. A customer is decoded when its record comes
 * and is text again before the next customer's, so that what a batch holds on to are texts, not
 * trees of objects: the garbage collector is what a processor spends most of its time on.
 */

import { admit } from '@holdfast/domain/admit.ts';
import { addContribution } from '@holdfast/domain/aggregates.ts';
import { changesByRecord } from '@holdfast/domain/changes.ts';
import { contributionOf, dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { decodeCustomer, encodeCustomer } from '@holdfast/domain/customer-state.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { isRejection, type Rejection, type RejectionReason } from '@holdfast/domain/rejection.ts';
import type { Moment } from '@holdfast/domain/rules.ts';
import { type CustomerId, offset } from '@holdfast/domain/scalars.ts';
import { EVENTS } from './counters.ts';
import { deadLetter } from './dead-letter.ts';
import type { DeltaWriter } from './deltas.ts';
import { fateOf } from './fate.ts';
import type { Machine, Partition } from './partition.ts';
import type { Commit, OutputRecord } from './ports.ts';
import type { ReadRecord } from './read-change.ts';
import { say } from './say.ts';

export interface FoldedRecords {
  readonly customers: Commit['customers'];
  readonly deadLetters: readonly OutputRecord[];
}

/** The customer whose records are being folded. */
interface Held {
  readonly id: CustomerId;
  readonly before: Customer | null;
  customer: Customer | null;
}

export async function foldRecords(
  machine: Machine,
  partition: Partition,
  writer: DeltaWriter,
  records: readonly ReadRecord[],
  moment: Moment,
): Promise<FoldedRecords> {
  const { rules, topic } = machine;
  const { counters } = partition;
  const deadLetters: OutputRecord[] = [];
  const changed = new Map<string, Commit['customers'][number]>();
  await fillCache(partition, records);
  let held: Held | null = null;
  for (const { record, change } of records) {
    const died = partition.dead.get(record.offset);
    const admitted = isRejection(change) ? change : admit(rules, change, moment.asOf);
    partition.dead.delete(record.offset);
    const fate = fateOf(died, isRejection(admitted) ? admitted : null);
    if (fate !== null || isRejection(admitted)) {
      if (died === undefined) {
        deadLetters.push(deadLetter(topic, partition.partition, record, admitted as Rejection));
      }
      counters.add('events:dead_letter', 1);
      counters.add(`dead_letters:${fate as RejectionReason}`, 1);
      continue;
    }
    const { eventId, source, customerId } = admitted;
    if (held?.id !== customerId) {
      if (held !== null) settle(machine, partition, held, moment, changed);
      held = hold(partition, customerId);
    }
    const at = offset(record.offset);
    const folded = fold(rules, held.customer, admitted, at, moment.asOf);
    counters.add(EVENTS[folded.result], 1);
    for (const said of changesByRecord(rules, held.customer, folded, moment.asOf)) {
      const cause = { eventId, source, offset: at, knownAt: folded.customer.knownAt };
      say(machine, partition, writer, said, cause);
    }
    held.customer = folded.customer;
  }
  if (held !== null) settle(machine, partition, held, moment, changed);
  return { customers: [...changed.values()], deadLetters };
}

/** Afterwards whoever is not in memory is not in the store. */
async function fillCache(
  { cache, store }: Partition,
  records: readonly ReadRecord[],
): Promise<void> {
  const missing = new Set<string>();
  for (const { change } of records) {
    if (isRejection(change) || cache.get(change.customerId) !== undefined) continue;
    missing.add(change.customerId);
  }
  if (missing.size === 0) return;
  for (const { customerId, value } of await store.readCustomers([...missing])) {
    cache.set(customerId, value);
  }
}

function hold({ cache }: Partition, id: CustomerId): Held {
  const text = cache.get(id);
  const customer = text === undefined ? null : decodeCustomer(id, text);
  return { id, before: customer, customer };
}

/** Replaces the customer's contribution and says what is to be stored of it. */
function settle(
  { rules }: Machine,
  { aggregates, losses, cache }: Partition,
  { id, before, customer }: Held,
  moment: Moment,
  changed: Map<string, Commit['customers'][number]>,
): void {
  if (customer === null || customer === before) return;
  const old = before === null ? null : contributionOf(rules, before, moment);
  const contribution = contributionOf(rules, customer, moment);
  if (old !== null) addContribution(aggregates, old, -1);
  addContribution(aggregates, contribution, 1);
  losses.replace(id, old, contribution);
  const value = encodeCustomer(customer);
  cache.set(id, value);
  changed.set(id, { customerId: id, value, due: dueAfter(rules, customer, moment) });
}
