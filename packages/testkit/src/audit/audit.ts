/**
 * Proves one partition: input, output logs and store tell one story, and it is the one that
 * folding from scratch tells. Reads only what it is given, page by page; keeps in memory the
 * customers, what is in force of each, and the dead letters. Answers the first difference.
 *
 * The partition must be at rest while it is read: no commit, nothing on its way to the logs.
 */

import type { Machine } from '@holdfast/pipeline/partition.ts';
import type { InputRecord, PartitionView, PublishedRecord } from '@holdfast/pipeline/ports.ts';
import { auditDeadLetters } from './audit-dead-letters.ts';
import { auditDeltas } from './audit-deltas.ts';
import { auditInput } from './audit-input.ts';
import { auditLedger } from './audit-ledger.ts';
import { auditStore, type StoredCustomer } from './audit-store.ts';
import { BrokenPromise, type Finding, type Prove, proverOf } from './finding.ts';

/** Everything there is to read of a partition, each from its beginning. */
export interface PartitionReads {
  readonly view: PartitionView;
  /** At least up to the view's next offset. */
  readonly input: AsyncIterable<readonly InputRecord[]>;
  readonly deltas: AsyncIterable<readonly PublishedRecord[]>;
  readonly deadLetters: AsyncIterable<readonly PublishedRecord[]>;
  readonly customers: AsyncIterable<readonly StoredCustomer[]>;
}

export interface Audited {
  /** Null: every promise is kept. */
  readonly finding: Finding | null;
  readonly records: number;
  readonly deltas: number;
  readonly deadLetters: number;
  readonly customers: number;
}

export async function auditPartition(machine: Machine, reads: PartitionReads): Promise<Audited> {
  const { partition, meta } = reads.view;
  const prove: Prove = proverOf(partition);
  const seen = { records: 0, deltas: 0, deadLetters: 0, customers: 0 };
  try {
    const dead = await auditDeadLetters(machine, partition, reads.deadLetters, prove);
    seen.deadLetters = dead.size;
    const published = await auditDeltas(machine, partition, reads.deltas, prove);
    seen.deltas = published.count;
    prove(
      published.count === meta.nextSequence,
      'published',
      () => `the log ends before delta ${published.count}, the store before ${meta.nextSequence}`,
    );
    const { boundary } = meta;
    const folded = await auditInput(machine, partition, boundary, reads.input, dead, prove);
    seen.records = folded.records;
    seen.customers = folded.customers.size;
    auditLedger(published.ledger, folded.ledger, prove);
    await auditStore(machine.rules, reads.view, reads.customers, folded, prove);
    return { finding: null, ...seen };
  } catch (error) {
    if (error instanceof BrokenPromise) return { finding: error.finding, ...seen };
    throw error;
  }
}
