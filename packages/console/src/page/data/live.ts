/** What the stream says, kept for the page: freshness, the newest movements, and that figures changed. */

import type { FeedRow, Status } from '../model/answers.ts';
import { type Heard, NOTHING_HEARD } from '../model/freshness.ts';
import { listen } from './stream.ts';

export interface LiveState {
  readonly heard: Heard;
  /** The newest first. */
  readonly movements: readonly FeedRow[];
  /** Rises whenever a figure may have changed. */
  readonly revision: number;
  /** The server wants a token, or another one. */
  readonly refused: boolean;
}

export interface Live {
  state(): LiveState;
  /** Tells of changes, several at once; answers how to stop it. */
  subscribe(changed: () => void): () => void;
}

const KEPT_MOVEMENTS = 50;
/** Movements may come twenty a second; the page follows four times a second. */
const TELL_EVERY_MS = 250;

export function openLive(signal: AbortSignal): Live {
  let state: LiveState = { heard: NOTHING_HEARD, movements: [], revision: 0, refused: false };
  const listeners = new Set<() => void>();
  let telling = false;
  const change = (next: Partial<LiveState>): void => {
    state = { ...state, ...next };
    if (telling) return;
    telling = true;
    setTimeout(() => {
      telling = false;
      for (const listener of listeners) listener();
    }, TELL_EVERY_MS);
  };
  const hear = (next: Partial<Heard>): void => change({ heard: { ...state.heard, ...next } });
  const revised = (): number => state.revision + 1;

  void listen(
    '/v1/stream',
    {
      opened: () => {
        change({ refused: false, revision: revised() });
        hear({ connected: true, heardAt: Date.now() });
      },
      heard: () => hear({ heardAt: Date.now() }),
      closed: (status) => {
        change({ refused: status === 401 || status === 403 });
        hear({ connected: false });
      },
      event: (name, data) => {
        if (name === 'status') {
          hear({ status: data as Status, statusAt: Date.now() });
          return;
        }
        change({ revision: revised() });
        if (name !== 'movement') return;
        change({ movements: [data as FeedRow, ...state.movements].slice(0, KEPT_MOVEMENTS) });
      },
    },
    signal,
  );
  return {
    state: () => state,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}
