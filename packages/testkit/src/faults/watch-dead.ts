/**
 * Which records are dead in a state of the store. Whether a record is too far ahead of its time
 * depends on when it was read, and after a failover that may have been at two times; so it is
 * remembered for each commit, whatever becomes of it.
 */

import { DEAD_LETTER_HEADERS, numberHeader } from '@holdfast/pipeline/headers.ts';
import { decodeOutboxEntry } from '@holdfast/pipeline/outbox-entry.ts';
import type { Commit, OutputRecord } from '@holdfast/pipeline/ports.ts';

export interface DeadWatch {
  /** `published`: the dead letters that the log holds as the commit is made. */
  readonly committed: (
    before: { readonly commitId: string; readonly nextOffset: number },
    commit: Commit,
    published: readonly OutputRecord[],
  ) => void;
  /** Offsets that are dead in the state that this commit left. */
  readonly in: (commitId: string) => ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

export const watchDead = (): DeadWatch => {
  const dead = new Map<string, ReadonlySet<number>>();
  return {
    committed: ({ commitId, nextOffset }, { id, boundary, outbox }, published) => {
      const said = outbox === null ? [] : decodeOutboxEntry(outbox).deadLetters;
      const offsets = [...said, ...published]
        .map((letter) => numberHeader(letter, DEAD_LETTER_HEADERS.offset) as number)
        .filter((offset) => offset >= nextOffset && offset < boundary.nextOffset);
      const before = dead.get(commitId) ?? NONE;
      dead.set(id, offsets.length === 0 ? before : new Set([...before, ...offsets]));
    },
    in: (commitId) => dead.get(commitId) ?? NONE,
  };
};
