/**
 * What both output logs of a partition hold, as folding again needs it: who is dead, and the last
 * commit. Read to their ends; of the deltas only those of one commit are kept in memory.
 */

import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import {
  boundaryOf,
  DEAD_LETTER_HEADERS,
  HEADERS,
  numberHeader,
  sequenceOf,
  unreadable,
} from './headers.ts';
import type { Boundary, PartitionOutput, PublishedRecord } from './ports.ts';

export interface PublishedLog {
  /** Offsets of records that are dead, and why; whoever folds them takes them out. */
  readonly dead: Map<number, RejectionReason>;
  /** One past the last dead letter. */
  readonly deadLetterOffset: number;
  /** Null: nothing was ever said. */
  readonly last: LastPublished | null;
}

/** The last commit that the output log holds deltas of. */
export interface LastPublished {
  readonly from: Boundary;
  readonly to: Boundary;
  /** The sequence of its first delta. */
  readonly firstSequence: number;
  readonly deltas: readonly PublishedRecord[];
  /** The one that said it: the live one. */
  readonly generation: string | null;
  /**
   * A restatement is the difference of two generations: folding one of them can't give it, and it
   * was written whole. The state at its end can be folded.
   */
  readonly isRestatement: boolean;
}

type Pages = AsyncIterable<readonly PublishedRecord[]>;

/** The deltas last: whose the last one is was live until all of this was read. */
export async function readPublished(
  output: Pick<PartitionOutput, 'readDeltas' | 'readDeadLetters'>,
): Promise<PublishedLog> {
  const letters = await readDead(output);
  return { ...letters, last: await lastPublished(output.readDeltas(0)) };
}

/** The dead letters alone. */
export async function readDead(
  output: Pick<PartitionOutput, 'readDeadLetters'>,
): Promise<Pick<PublishedLog, 'dead' | 'deadLetterOffset'>> {
  const dead = new Map<number, RejectionReason>();
  let deadLetterOffset = 0;
  for await (const page of output.readDeadLetters(0)) {
    for (const letter of page) {
      const offset = numberHeader(letter, DEAD_LETTER_HEADERS.offset);
      const reason = letter.headers[DEAD_LETTER_HEADERS.reason];
      if (offset !== undefined) dead.set(offset, reason as RejectionReason);
      deadLetterOffset = letter.offset + 1;
    }
  }
  return { dead, deadLetterOffset };
}

async function lastPublished(deltas: Pages): Promise<LastPublished | null> {
  let own: PublishedRecord[] = [];
  for await (const page of deltas) {
    for (const delta of page) {
      if (own[0] !== undefined && !isOfOneCommit(own[0], delta)) own = [];
      own.push(delta);
    }
  }
  const first = own[0];
  if (first === undefined) return null;
  const firstSequence = sequenceOf(first);
  if (firstSequence === undefined) throw unreadable(first, HEADERS.sequence);
  return {
    from: boundaryOf(first, HEADERS.fromOffset, HEADERS.fromAsOf),
    to: boundaryOf(first, HEADERS.nextOffset, HEADERS.asOf),
    firstSequence,
    deltas: own,
    generation: first.headers[HEADERS.generation] ?? null,
    isRestatement: first.headers[HEADERS.restatement] !== undefined,
  };
}

const { sequence: _, ...OF_COMMIT } = HEADERS;

const isOfOneCommit = (a: PublishedRecord, b: PublishedRecord): boolean =>
  Object.values(OF_COMMIT).every((name) => a.headers[name] === b.headers[name]);
