/**
 * What live readers are told: status, figures and movements as they come. Worked out once for all
 * of them, and only while there are any.
 */

import { retentionJson } from '@holdfast/contracts/answer-json.ts';
import { ALL } from '@holdfast/domain/aggregates.ts';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import type { Ledger } from '@holdfast/ledger/ledger.ts';
import type { StatusAnswer } from './answers.ts';
import { iso, movementJson } from './to-json.ts';

/** One event of the stream; `id`: up to where it tells of movements. */
export interface LiveEvent {
  readonly event: 'status' | 'figures' | 'movement' | 'movements';
  readonly id: string;
  readonly data: object;
}

export interface LiveTools {
  readonly ledger: Ledger;
  readonly status: () => StatusAnswer;
  /** Real ms, from any zero. */
  readonly stopwatch: () => number;
  readonly failed: (error: unknown) => void;
}

export interface Live {
  /** Tells the reader where things stand, what it missed since `lastId`, and then all that comes. */
  join(lastId: string | undefined, told: (event: LiveEvent) => void): Promise<() => void>;
  readonly readers: number;
  close(): void;
}

const LOOK_EVERY_MS = 250;
const STATUS_EVERY_MS = 5_000;
const FIGURES_EVERY_MS = 1_000;
/** More movements than this a second are told as a count. */
const MOVEMENTS_A_SECOND = 20;

const idOf = (sequences: readonly number[]): string => sequences.join('.');

/** The sequences of an id that this ledger gave; undefined for any other text. */
const sequencesOf = (
  id: string | undefined,
  now: readonly number[],
): readonly number[] | undefined => {
  if (id === undefined || !/^\d{1,15}(\.\d{1,15})*$/.test(id)) return undefined;
  const told = id.split('.').map(Number);
  const ours = told.length === now.length && told.every((one, index) => one <= (now[index] ?? 0));
  return ours ? told : undefined;
};

export function liveEvents({ ledger, status, stopwatch, failed }: LiveTools): Live {
  const { intake, rules } = ledger;
  const readers = new Set<(event: LiveEvent) => void>();
  let sequences = intake.sequences();
  let figures = '';
  let changed = false;
  let looking = false;
  let [statusAt, figuresAt, movementsAt] = [0, 0, 0];
  let timer: NodeJS.Timeout | null = null;
  const unwatch = intake.watch(() => {
    changed = true;
  });

  const tell = (event: LiveEvent['event'], data: object): void => {
    for (const told of readers) told({ event, id: idOf(sequences), data });
  };

  const figuresNow = async (): Promise<object | null> => {
    const asOf = intake.asOf();
    if (asOf === null) return null;
    const windows = await Promise.all(
      rules.policy.windows.map(async (window) => {
        const definition = DEFINITIONS.point_to_point;
        const [row] = await ledger.retention({
          asOf,
          knownAt: null,
          window,
          definition,
          dimension: ALL,
        });
        return { window, row: row === undefined ? null : retentionJson(row) };
      }),
    );
    return { as_of: iso(asOf), windows };
  };

  const movementsSince = async (
    since: readonly number[],
  ): Promise<readonly Pick<LiveEvent, 'event' | 'data'>[]> => {
    const { count, rows } = await ledger.movementsAfter(since, MOVEMENTS_A_SECOND);
    if (rows.length > 0) {
      return rows.map((row) => ({ event: 'movement' as const, data: movementJson(row) }));
    }
    return count === 0 ? [] : [{ event: 'movements', data: { count } }];
  };

  const look = async (): Promise<void> => {
    const now = stopwatch();
    const wasChanged = changed;
    changed = false;
    if (wasChanged || now - statusAt >= STATUS_EVERY_MS) {
      statusAt = now;
      tell('status', status());
    }
    if (now - figuresAt >= FIGURES_EVERY_MS) {
      figuresAt = now;
      const found = await figuresNow();
      const text = JSON.stringify(found === null ? null : Object.values(found)[1]);
      if (found !== null && text !== figures) tell('figures', found);
      figures = text;
    }
    const told = intake.sequences();
    if (now - movementsAt >= FIGURES_EVERY_MS && idOf(told) !== idOf(sequences)) {
      movementsAt = now;
      const since = sequences;
      const events = await movementsSince(since);
      sequences = told;
      for (const { event, data } of events) tell(event, data);
    }
  };

  const tick = (): void => {
    if (looking) return;
    looking = true;
    look()
      .catch(failed)
      .finally(() => {
        looking = false;
      });
  };

  return {
    get readers() {
      return readers.size;
    },
    join: async (lastId, told) => {
      if (readers.size === 0) sequences = intake.sequences();
      const from = sequencesOf(lastId, sequences);
      const upTo = idOf(sequences);
      const missed = from === undefined ? [] : await movementsSince(from);
      told({ event: 'status', id: upTo, data: status() });
      const now = await figuresNow();
      if (now !== null) told({ event: 'figures', id: upTo, data: now });
      for (const { event, data } of missed) told({ event, id: upTo, data });
      readers.add(told);
      timer ??= setInterval(tick, LOOK_EVERY_MS).unref();
      return () => {
        readers.delete(told);
        if (readers.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
    close: () => {
      unwatch();
      if (timer !== null) clearInterval(timer);
    },
  };
}
