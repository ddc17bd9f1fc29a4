/**
 * From the bytes of a record to a change, or the reason why it can't be taken. Waits only while a
 * writer's schema is not known yet.
 */

import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { isRejection, type Rejection, reject } from '@holdfast/domain/rejection.ts';
import { isText, toText } from './bytes.ts';
import type { Machine } from './partition.ts';
import type { InputBatch, InputRecord } from './ports.ts';

type Read = ChangeRecord | Rejection;

/**
 * A record is read when it is folded: what it says are many objects, and those of a whole batch
 * would outlive the collection of garbage and be far away in memory when their turn comes.
 */
export interface ReadableBatch extends InputBatch {
  /** What a record of the batch says. To be waited for only where its schema was forgotten since. */
  readonly read: (record: InputRecord) => Read | Promise<Read>;
}

/** Learns what reading needs. Throws `registry_unavailable`; then nothing has happened yet. */
export async function readableBatch(
  machine: Machine,
  partition: number,
  batch: InputBatch,
): Promise<ReadableBatch> {
  for (const { value } of batch.records) {
    if (value !== null && !machine.changes.knows(value)) await machine.changes.learn(value);
  }
  return { ...batch, read: (record) => readChange(machine, partition, record) };
}

/** Throws `registry_unavailable` where the schema is not known. */
export function readChange(
  machine: Machine,
  partition: number,
  record: InputRecord,
): Read | Promise<Read> {
  const { value } = record;
  if (value === null) {
    return reject('malformed', 'the value is null (a tombstone); want a whole record');
  }
  const change = machine.changes.decode(value);
  if (change === 'schema_unknown') {
    return machine.changes.learn(value).then(() => readChange(machine, partition, record));
  }
  return isRejection(change) ? change : checkKey(machine, partition, record.key, change);
}

/** The key must be the customer, and lie where its customer's other records lie. */
function checkKey(
  { partitionFor }: Machine,
  partition: number,
  key: Uint8Array | null,
  change: ChangeRecord,
): Read {
  const { customerId } = change;
  if (key === null || !isText(key, customerId)) {
    const text = key === null ? '' : toText(key);
    return reject(
      'key_mismatch',
      `the record's key is "${text.slice(0, 40)}"; want customer_id "${customerId.slice(0, 40)}"`,
    );
  }
  const chosen = partitionFor(key);
  if (chosen === partition) return change;
  return reject(
    'key_mismatch',
    `the key "${customerId.slice(0, 40)}" lies in partition ${partition}; want ${chosen}, as the partitioner chooses`,
  );
}
