/**
 * Proves one partition: input, output logs and store tell one story, and it is the one that
 * folding from scratch tells. Answers the first difference.
 *
 * Nothing has to be at rest: the store is read in looks that each hold at one boundary, and the
 * input is folded on from one to the next, so that each look is held against its own instant. It
 * ends, because customers that come in meanwhile are not waited for. In memory it keeps customers
 * as the store keeps them, what is in force of each, and the dead letters of one partition.
 */

import type { Machine } from '@holdfast/pipeline/partition.ts';
import type {
  Boundary,
  CustomerPage,
  InputRecord,
  PartitionView,
  PublishedRecord,
} from '@holdfast/pipeline/ports.ts';
import { foldInput } from './audit-input.ts';
import { auditLedger } from './audit-ledger.ts';
import { auditCustomers, auditFigures, auditNoneLacks } from './audit-store.ts';
import { keepDeadLetters } from './dead-letters.ts';
import { keepDeltaLog } from './delta-log.ts';
import { BrokenPromise, type Finding, type Prove, proverOf } from './finding.ts';

type Published = AsyncIterable<readonly PublishedRecord[]>;

/** Everything there is to read of a partition. Nothing is written and nothing claimed. */
export interface PartitionReads {
  readonly partition: number;
  /** One look at what the partition says of itself. */
  readonly view: () => Promise<PartitionView>;
  /** Every customer, in looks, each of which may be at a later boundary. */
  readonly customers: () => AsyncIterable<CustomerPage>;
  /** Records from an offset on, up to another one at least. */
  readonly input: (from: number, to: number) => AsyncIterable<readonly InputRecord[]>;
  /** Null where another generation is live: then only the store is proved. */
  readonly published: PublishedReads | null;
}

export interface PublishedReads {
  /** From the first on; waits a while for so many. */
  readonly deltas: (count: number) => Published;
  /** From an offset on; waits a while for so many. */
  readonly deadLetters: (fromOffset: number, count: number) => Published;
}

export interface Audited {
  /** Null: every promise is kept. */
  readonly finding: Finding | null;
  readonly records: number;
  readonly deltas: number;
  readonly deadLetters: number;
  readonly customers: number;
  /** Up to where it was proved. */
  readonly boundary: Boundary;
}

export async function auditPartition(machine: Machine, reads: PartitionReads): Promise<Audited> {
  const { partition, published } = reads;
  const prove: Prove = proverOf(partition);
  const letters = keepDeadLetters(machine, partition, prove);
  const originOf = (): null => null;
  const folded = foldInput({ machine, partition, letters, originOf, prove });
  const log = keepDeltaLog({ machine, partition, originOf, prove });

  const advance = (to: Boundary): Promise<void> =>
    folded.advance(to, reads.input(folded.boundary.nextOffset, to.nextOffset));

  const proveStore = async (): Promise<PartitionView> => {
    await advance((await reads.view()).meta.boundary);
    const present = folded.customers.size;
    for await (const page of reads.customers()) {
      await advance(page.boundary);
      auditCustomers(machine.rules, page, folded, prove);
    }
    auditNoneLacks(folded, present, prove);
    const view = await reads.view();
    await advance(view.meta.boundary);
    auditFigures(view, folded.figures(), folded, prove);
    return view;
  };

  const proveLogs = async (from: PublishedReads, count: number): Promise<void> => {
    await log.take(from.deltas(count), count);
    prove(
      log.count === count,
      'published',
      () => `the log ends before delta ${log.count}, the store before ${count}`,
    );
    auditLedger(log.ledger, folded.ledger, prove);
    const live = log.generations.at(-1) ?? machine.generation;
    prove(
      live === machine.generation,
      'generation',
      () => `generation ${live} is live; want ${machine.generation}`,
    );
    await letters.take(from.deadLetters(letters.reached, folded.unlettered().length));
    folded.proveLetters();
    const { disputed } = folded;
    if (log.generations.length > 1 || disputed === null) return;
    prove(false, 'dead_letter', () => disputed.message, disputed);
  };

  const seen = (finding: Finding | null): Audited => ({
    finding,
    records: folded.records,
    deltas: log.count,
    deadLetters: letters.byOffset.size,
    customers: folded.customers.size,
    boundary: folded.boundary,
  });

  try {
    if (published !== null) await letters.take(published.deadLetters(0, 0));
    const { meta } = await proveStore();
    if (published !== null) await proveLogs(published, meta.nextSequence);
    return seen(null);
  } catch (error) {
    if (error instanceof BrokenPromise) return seen(error.finding);
    throw error;
  }
}
