/**
 * Folds records one after the other at one instant. A customer is decoded when its record comes
 * and is text again before the next customer's, so that what a batch holds on to are texts, not
 * trees of objects: the garbage collector is what a processor spends most of its time on.
 */

import { admit, MAX_ID_BYTES } from '@holdfast/domain/admit.ts';
import { replaceContribution } from '@holdfast/domain/aggregates.ts';
import { changesByRecord } from '@holdfast/domain/changes.ts';
import { contributionOf, dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { decodeCustomer, encodeCustomer } from '@holdfast/domain/customer-state.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { isRejection, type Rejection, type RejectionReason } from '@holdfast/domain/rejection.ts';
import type { Moment } from '@holdfast/domain/rules.ts';
import { offset } from '@holdfast/domain/scalars.ts';
import { toText } from './bytes.ts';
import { EVENTS } from './counters.ts';
import { type CachedCustomer, NO_ROW } from './customer-cache.ts';
import { deadLetter } from './dead-letter.ts';
import type { DeltaWriter } from './deltas.ts';
import { fateOf } from './fate.ts';
import type { Machine, Partition } from './partition.ts';
import type { Commit, InputRecord, OutputRecord } from './ports.ts';
import type { ReadableBatch } from './read-change.ts';
import { say } from './say.ts';

type ChangedRow = Commit['customers'][number];

export interface FoldedRecords {
  readonly customers: Commit['customers'];
  readonly deadLetters: readonly OutputRecord[];
}

/** The customer whose records are being folded. */
interface Held {
  readonly cached: CachedCustomer;
  readonly before: Customer | null;
  customer: Customer | null;
}

export async function foldRecords(
  machine: Machine,
  partition: Partition,
  writer: DeltaWriter,
  { records, read }: Pick<ReadableBatch, 'records' | 'read'>,
  moment: Moment,
): Promise<FoldedRecords> {
  const { rules, topic } = machine;
  const { counters } = partition;
  const deadLetters: OutputRecord[] = [];
  const changed: CachedCustomer[] = [];
  const customers: ChangedRow[] = [];
  const cached = await customersOf(partition, records);
  let held: Held | null = null;
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] as InputRecord;
    const asked = read(record);
    const change = asked instanceof Promise ? await asked : asked;
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
    const own = cached[index] as CachedCustomer;
    if (held?.cached !== own) {
      if (held !== null) settle(machine, partition, held, moment, changed, customers);
      held = hold(own);
    }
    const { eventId, source } = admitted;
    const at = offset(record.offset);
    const folded = fold(rules, held.customer, admitted, at, moment.asOf);
    counters.add(EVENTS[folded.result], 1);
    for (const said of changesByRecord(rules, held.customer, folded, moment.asOf)) {
      const cause = { eventId, source, offset: at, knownAt: folded.customer.knownAt };
      say(machine, partition, writer, said, cause);
    }
    held.customer = folded.customer;
  }
  if (held !== null) settle(machine, partition, held, moment, changed, customers);
  for (const each of changed) each.row = NO_ROW;
  return { customers, deadLetters };
}

/**
 * The customer of each record by its key, which is the customer of any record that is taken; null
 * where the key is none. Reads those not in memory.
 */
async function customersOf(
  { cache, store }: Partition,
  records: readonly InputRecord[],
): Promise<readonly (CachedCustomer | null)[]> {
  const missing = new Map<string, CachedCustomer>();
  const found = new Array<CachedCustomer | null>(records.length);
  for (let index = 0; index < records.length; index += 1) {
    const { key } = records[index] as InputRecord;
    if (key === null || key.length > MAX_ID_BYTES) {
      found[index] = null;
      continue;
    }
    const id = toText(key);
    let own = cache.get(id) ?? missing.get(id);
    if (own === undefined) {
      own = { id, text: null, row: NO_ROW };
      missing.set(id, own);
    }
    found[index] = own;
  }
  if (missing.size > 0) {
    for (const { customerId, value } of await store.readCustomers([...missing.keys()])) {
      const own = missing.get(customerId) as CachedCustomer;
      own.text = value;
      cache.add(own);
    }
  }
  return found;
}

function hold(cached: CachedCustomer): Held {
  const { id, text } = cached;
  const customer = text === null ? null : decodeCustomer(id, text);
  return { cached, before: customer, customer };
}

/** Replaces the customer's contribution and says what is to be stored of it. */
function settle(
  { rules }: Machine,
  { aggregates, losses, cache }: Partition,
  { cached, before, customer }: Held,
  moment: Moment,
  changed: CachedCustomer[],
  customers: ChangedRow[],
): void {
  if (customer === null || customer === before) return;
  const { id } = cached;
  const old = before === null ? null : contributionOf(rules, before, moment);
  const contribution = contributionOf(rules, customer, moment);
  replaceContribution(aggregates, old, contribution);
  losses.replace(id, old, contribution);
  const value = encodeCustomer(customer);
  if (cached.text === null) cache.add(cached);
  cached.text = value;
  const row = { customerId: id, value, due: dueAfter(rules, customer, moment) };
  if (cached.row === NO_ROW) {
    cached.row = customers.length;
    customers.push(row);
    changed.push(cached);
  } else {
    customers[cached.row] = row;
  }
}
