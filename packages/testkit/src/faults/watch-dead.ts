/**
 * Which records are dead in a state of the store. Whether a record is too far ahead of its time
 * depends on when it was read, and after a failover, or by another generation, that may have been
 * at two times; so it is remembered for each commit, whatever becomes of it.
 */

import { DEAD_LETTER_HEADERS, numberHeader } from '@holdfast/pipeline/headers.ts';
import { decodeOutboxEntry } from '@holdfast/pipeline/outbox-entry.ts';
import type { Commit, OutputRecord, PartitionView } from '@holdfast/pipeline/ports.ts';

type Before = Pick<PartitionView['meta'], 'commitId' | 'boundary'>;

export interface DeadWatch {
  /**
   * `published`: the dead letters that the log holds as the commit is made. Throws where it can't be
   * told which of them were obeyed.
   */
  readonly committed: (
    before: Pick<PartitionView, 'counters'> & { readonly meta: Before },
    commit: Pick<Commit, 'id' | 'boundary' | 'counters' | 'outbox'>,
    published: readonly OutputRecord[],
  ) => void;
  /** Offsets that are dead in the state that this commit left. */
  readonly in: (commitId: string) => ReadonlySet<number>;
}

const COUNTER = 'events:dead_letter';
const NONE: ReadonlySet<number> = new Set();

export const watchDead = (): DeadWatch => {
  const dead = new Map<string, ReadonlySet<number>>();
  return {
    committed: ({ counters, meta }, commit, published) => {
      const before = dead.get(meta.commitId) ?? NONE;
      const from = meta.boundary.nextOffset;
      const isOfIt = (offset: number): boolean =>
        offset >= from && offset < commit.boundary.nextOffset;
      const said = offsetsOf(
        commit.outbox === null ? [] : decodeOutboxEntry(commit.outbox).deadLetters,
      );
      const known = new Set([...said, ...offsetsOf(published)].filter(isOfIt));
      const counted = new Map(commit.counters).get(COUNTER);
      const died = counted === undefined ? 0 : counted - (counters.get(COUNTER) ?? 0);
      // What the log holds beside its own letters was obeyed by who has folded again, and by nobody
      // else: the letter of another generation may have come after its record was taken here.
      const own = [known, new Set(said)].find(({ size }) => size === died);
      if (own === undefined) {
        throw new Error(`${died} died of ${[...known]}, of which the commit says ${said}`);
      }
      dead.set(commit.id, own.size === 0 ? before : new Set([...before, ...own]));
    },
    in: (commitId) => dead.get(commitId) ?? NONE,
  };
};

const offsetsOf = (letters: readonly OutputRecord[]): number[] =>
  letters.map((letter) => numberHeader(letter, DEAD_LETTER_HEADERS.offset) as number);
