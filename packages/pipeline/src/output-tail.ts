/**
 * The published log is the truth: what it holds beyond the last known position is compared with
 * the outbox, entry by entry, byte by byte.
 */

import { sameBytes } from './bytes.ts';
import { DEAD_LETTER_HEADERS, HEADERS, headersOf, numberHeader, sequenceOf } from './headers.ts';
import type {
  OutputBatch,
  OutputPosition,
  OutputRecord,
  PartitionOutput,
  PublishedRecord,
} from './ports.ts';

/** What both output logs hold from a position on. */
export interface OutputTail {
  readonly from: OutputPosition;
  readonly deltas: readonly PublishedRecord[];
  readonly deadLetters: readonly PublishedRecord[];
}

/** The tail as far as it is needed to be held against the batches. */
export async function readTail(
  output: PartitionOutput,
  from: OutputPosition,
  batches: readonly OutputBatch[],
): Promise<OutputTail> {
  const count = (kind: keyof OutputBatch): number =>
    batches.reduce((sum, batch) => sum + batch[kind].length, 0);
  return {
    from,
    deltas: await readMost(output.readDeltas(from.deltaOffset), count('deltas')),
    deadLetters: await readMost(
      output.readDeadLetters(from.deadLetterOffset),
      count('deadLetters'),
    ),
  };
}

/** One record more than expected differs already: the log may hold millions. */
async function readMost(
  pages: AsyncIterable<readonly PublishedRecord[]>,
  expected: number,
): Promise<readonly PublishedRecord[]> {
  const records: PublishedRecord[] = [];
  for await (const page of pages) {
    records.push(...page);
    if (records.length > expected) break;
  }
  return records;
}

/** How the log stands to what the store says is to be published. */
export type TailVerdict =
  /** What the log holds is the beginning of the batches; for each of them what remains. */
  | { readonly kind: 'consistent'; readonly remaining: readonly Remaining[] }
  /** The log holds a delta or dead letter that the store does not know, or another one. */
  | { readonly kind: 'diverged'; readonly at: string };

/** What of a batch the log does not hold. */
export interface Remaining {
  readonly rest: OutputBatch;
  /**
   * One past what the log holds of this batch and those before it. Counted by the records that were
   * seen: what was written after they were read is not passed over.
   */
  readonly reached: OutputPosition;
}

/** What a kind of record is called, counted and known by, besides its key and value. */
interface Kind {
  readonly name: string;
  readonly number: (record: PublishedRecord) => number | undefined;
  readonly headers: readonly string[];
}

/** The boundaries, too: equal deltas of commits that end elsewhere leave another state. */
const DELTA: Kind = { name: 'delta', number: sequenceOf, headers: Object.values(HEADERS) };

const DEAD_LETTER: Kind = {
  name: 'dead letter',
  number: (record) => numberHeader(record, DEAD_LETTER_HEADERS.offset),
  headers: [DEAD_LETTER_HEADERS.offset, DEAD_LETTER_HEADERS.reason],
};

export function compareTail(tail: OutputTail, batches: readonly OutputBatch[]): TailVerdict {
  const deltas = compareOne(
    DELTA,
    tail.from.deltaOffset,
    tail.deltas,
    batches.map((batch) => batch.deltas),
  );
  if (typeof deltas === 'string') return { kind: 'diverged', at: deltas };
  const deadLetters = compareOne(
    DEAD_LETTER,
    tail.from.deadLetterOffset,
    tail.deadLetters,
    batches.map((batch) => batch.deadLetters),
  );
  if (typeof deadLetters === 'string') return { kind: 'diverged', at: deadLetters };
  const remaining = batches.map((_, index): Remaining => {
    const [delta, deadLetter] = [deltas[index] as Left, deadLetters[index] as Left];
    return {
      rest: { deltas: delta.records, deadLetters: deadLetter.records },
      reached: { deltaOffset: delta.reached, deadLetterOffset: deadLetter.reached },
    };
  });
  return { kind: 'consistent', remaining };
}

/** What is left of one list, and one past what the log holds of it and those before it. */
interface Left {
  readonly records: readonly OutputRecord[];
  readonly reached: number;
}

/** Takes the log's records from the beginning of the lists; or says which is not there. */
function compareOne(
  kind: Kind,
  from: number,
  published: readonly PublishedRecord[],
  lists: readonly (readonly OutputRecord[])[],
): readonly Left[] | string {
  const expected = lists.flat();
  for (let index = 0; index < published.length; index += 1) {
    const found = published[index] as PublishedRecord;
    const wanted = expected[index];
    if (wanted === undefined || !sameRecord(kind, found, wanted)) {
      return `${kind.name} ${kind.number(found) ?? '?'} at offset ${found.offset}`;
    }
  }
  let taken = 0;
  let reached = from;
  return lists.map((list) => {
    const drop = Math.min(published.length - taken, list.length);
    taken += drop;
    if (drop > 0) reached = (published[taken - 1] as PublishedRecord).offset + 1;
    return { records: list.slice(drop), reached };
  });
}

const sameRecord = ({ headers }: Kind, found: PublishedRecord, wanted: OutputRecord): boolean => {
  const all = headersOf(wanted);
  return (
    headers.every((name) => found.headers[name] === all[name]) &&
    sameBytes(found.key, wanted.key) &&
    sameBytes(found.value, wanted.value)
  );
};
