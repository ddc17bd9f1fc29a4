/**
 * Taking a partition over. In this order: see that this generation is live, fence the elder
 * producer, claim in the store, check that the input is the log the state was built from, hold the
 * output log against the outbox.
 */

import { emptyAggregates, loadAggregates } from '@holdfast/domain/aggregates.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { losses } from '@holdfast/domain/losses.ts';
import { momentAt } from '@holdfast/domain/rules.ts';
import { counters } from './counters.ts';
import { customerCache } from './customer-cache.ts';
import { foldAgain } from './fold-again.ts';
import { isSameLog } from './incarnation.ts';
import { checkGeneration, checkLive, promotedAt } from './live.ts';
import { decodeOutboxEntry } from './outbox-entry.ts';
import { compareTail, type Remaining, readTail } from './output-tail.ts';
import type { Machine, Partition } from './partition.ts';
import type {
  ClaimedPartition,
  Clock,
  DeltaSink,
  InputIdentity,
  OutputBatch,
  OutputPosition,
  PartitionInput,
  PartitionMeta,
  PartitionOutput,
  PartitionStore,
  ProjectionStore,
} from './ports.ts';
import { readDead, readPublished } from './published-log.ts';

export interface ClaimTools {
  readonly machine: Machine;
  readonly store: ProjectionStore;
  readonly sink: DeltaSink;
  readonly clock: Clock;
  readonly policyHash: string;
  /** Customers kept in memory for each partition. */
  readonly cacheCapacity: number;
  /** Random; a commit's identity. */
  readonly newId: () => string;
  /** The store and the log differ: the partition is folded again from its beginning. */
  readonly foldingAgain: (partition: number, difference: string) => void;
}

export interface Claimed {
  readonly partition: Partition;
  readonly output: PartitionOutput;
  /** Commits whose publishing is not known to the store, and what of them the log does not hold. */
  readonly unacknowledged: readonly Unacknowledged[];
}

export interface Unacknowledged extends Remaining {
  readonly commit: number;
  readonly batch: OutputBatch;
}

/** The signal is aborted when the partition is given up; the claim then ends with an error. */
export async function claim(
  tools: ClaimTools,
  input: PartitionInput,
  signal: AbortSignal,
): Promise<Claimed> {
  // Before anything is opened or claimed: whoever stands by fences nobody.
  await checkLive(tools.sink, tools.store, input.partition, tools.machine.generation);
  const output = await tools.sink.open(input.partition);
  try {
    return await claimWith(tools, input, output, signal);
  } catch (error) {
    await output.close();
    throw error;
  }
}

async function claimWith(
  tools: ClaimTools,
  input: PartitionInput,
  output: PartitionOutput,
  signal: AbortSignal,
): Promise<Claimed> {
  const { machine, store, clock, policyHash, cacheCapacity } = tools;
  const { partition } = input;
  const claimed = await store.claim(partition, { policyHash, simulatedClock: clock.simulated });
  const { meta } = claimed;
  const identity = await input.identify();
  checkInput(partition, meta, identity);

  const outbox = claimed.outbox.map(({ number, entry }) => ({
    commit: number,
    batch: decodeOutboxEntry(entry),
  }));
  const batches = outbox.map(({ batch }) => batch);
  checkOutput(partition, meta, await output.end());
  const verdict = compareTail(await readTail(output, meta.output, batches), batches);
  const own = claimedPartition(machine, claimed, identity, partition, cacheCapacity);
  if (verdict.kind === 'consistent') {
    input.seek(own.nextOffset);
    const unacknowledged = outbox.map((entry, index) => ({
      ...entry,
      ...(verdict.remaining[index] as Remaining),
    }));
    return { output, unacknowledged, partition: own };
  }
  // Another generation may have been promoted since this one was seen to be live: its word is no
  // difference, and this one's state stays for the way back.
  await checkLive(tools.sink, store, partition, machine.generation);
  const promoted = promotedAt(meta.boundary, await tools.sink.lastDelta(partition));
  // One that was live before may have counted what it could not publish any more; no count goes back.
  const isAdopted = promoted !== null && promoted.nextSequence >= meta.nextSequence;
  if (isAdopted && outbox.length === 0) {
    const { deltaOffset, nextSequence } = promoted;
    const { dead, deadLetterOffset } = await readDead(output);
    // Dead letters say nothing of the boundary: some may have been written after it, and stay.
    for (const [offset, reason] of dead) {
      if (offset >= own.nextOffset) own.dead.set(offset, reason);
    }
    own.nextSequence = nextSequence;
    own.acknowledged = { commit: own.commitNumber, output: { deltaOffset, deadLetterOffset } };
    input.seek(own.nextOffset);
    return { output, unacknowledged: [], partition: own };
  }
  tools.foldingAgain(partition, verdict.at);
  const published = await readPublished(output);
  // Reading takes as long as the log is: here, too, another generation may have been promoted.
  checkGeneration(partition, published.last?.generation ?? null, machine.generation);
  await claimed.store.discard();
  const empty: Partition = {
    ...own,
    aggregates: emptyAggregates(machine.rules),
    counters: counters(new Map()),
    dead: published.dead,
    commitNumber: 0,
    nextOffset: 0,
    moment: momentAt(machine.rules, 0),
    firstDue: null,
    nextSequence: 0,
    lastRecordAt: 0,
    acknowledged: { commit: 0, output: { deltaOffset: 0, deadLetterOffset: 0 } },
    storedAcknowledgement: 0,
  };
  const { newId } = tools;
  const again = await foldAgain({ machine, input, partition: empty, published, newId, signal });
  // Only now: until then the next claim must see that log and store differ.
  empty.acknowledged = { commit: 0, output: again.reached };
  input.seek(empty.nextOffset);
  // Held against the log from where that ends: the rest is all that it may come to hold.
  const unacknowledged = [{ commit: empty.commitNumber, batch: again.rest, ...again }];
  return { output, unacknowledged, partition: empty };
}

/** What a claim found, as its owner holds it in memory. */
export function claimedPartition(
  { rules }: Machine,
  claimed: ClaimedPartition & { readonly store: PartitionStore },
  identity: InputIdentity,
  partition: number,
  cacheCapacity: number,
): Partition {
  const { meta } = claimed;
  return {
    partition,
    store: claimed.store,
    epoch: meta.epoch,
    aggregates: loadAggregates(rules, claimed.aggregates),
    losses: losses(rules),
    counters: counters(claimed.counters),
    cache: customerCache(cacheCapacity),
    claimedEnd: identity.endOffset,
    dead: new Map(),
    incarnation: identity.incarnation,
    commitNumber: meta.commitNumber,
    nextOffset: meta.boundary.nextOffset,
    moment: momentAt(rules, meta.boundary.asOf),
    firstDue: meta.firstDue,
    nextSequence: meta.nextSequence,
    lastRecordAt: meta.lastRecordAt,
    inputEnd: identity.endOffset,
    caughtUp: false,
    acknowledged: { commit: meta.publishedCommit, output: meta.output },
    storedAcknowledgement: meta.publishedCommit,
  };
}

/** Offsets mean nothing in another log, or in one that has lost its beginning. */
export function checkInput(partition: number, meta: PartitionMeta, identity: InputIdentity): void {
  const { nextOffset } = meta.boundary;
  if (nextOffset > 0 && !isSameLog(meta.incarnation, identity.incarnation)) {
    throw new HoldfastError(
      'incarnation_mismatch',
      `partition ${partition} was built from ${meta.incarnation}, this is ${identity.incarnation}`,
    );
  }
  if (nextOffset < identity.startOffset || nextOffset > identity.endOffset) {
    throw new HoldfastError(
      'offset_out_of_range',
      `partition ${partition} goes on at ${nextOffset}, the log holds ${identity.startOffset} to ${identity.endOffset}`,
    );
  }
}

/** Its records are kept for ever; where some are gone, what was published can't be known. */
function checkOutput(partition: number, { output }: PartitionMeta, end: OutputPosition): void {
  for (const kind of ['deltaOffset', 'deadLetterOffset'] as const) {
    if (end[kind] >= output[kind]) continue;
    throw new HoldfastError(
      'output_truncated',
      `partition ${partition} ends at ${kind} ${end[kind]}, it had reached ${output[kind]}`,
    );
  }
}
