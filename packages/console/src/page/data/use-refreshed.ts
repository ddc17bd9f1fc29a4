/** An answer that is asked for again when figures changed, never more often than the server bears. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api.ts';
import type { Live } from './live.ts';

export interface Loaded<Answer> {
  /** The last answer, with the question it belongs to; kept while the next one is asked for. */
  readonly key: string | null;
  readonly answer: Answer | null;
  readonly error: ApiError | null;
  readonly retry: () => void;
}

export interface Refresh {
  readonly live: Live;
  readonly paused: boolean;
  /** At most so often, ms; a slow answer makes it rarer. */
  readonly everyMs: number;
}

const LOOK_EVERY_MS = 200;
const RETRY_MS = 5_000;
/** Asking takes at most a fifth of the time. */
const REST = 4;

/** `key`: the question; null: none yet. A change of it asks at once. */
export function useRefreshed<Answer>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<Answer>,
  { live, paused, everyMs }: Refresh,
): Loaded<Answer> {
  const [loaded, setLoaded] = useState<Omit<Loaded<Answer>, 'retry'>>({
    key: null,
    answer: null,
    error: null,
  });
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ load, paused });
  latest.current = { load, paused };

  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    let asked = -1;
    let next = 0;
    let busy = false;
    const look = async (): Promise<void> => {
      const { revision } = live.state();
      const due = asked < 0 || (revision !== asked && performance.now() >= next);
      const waits = asked >= 0 && (latest.current.paused || document.hidden);
      if (busy || !due || waits) return;
      busy = true;
      asked = revision;
      const began = performance.now();
      try {
        const answer = await latest.current.load(stop.signal);
        if (stop.signal.aborted) return;
        setLoaded({ key, answer, error: null });
        next = performance.now() + Math.max(everyMs, (performance.now() - began) * REST);
      } catch (error) {
        if (stop.signal.aborted) return;
        const failure = error instanceof ApiError ? error : new ApiError(0, String(error));
        setLoaded((before) => ({ ...before, error: failure }));
        next = performance.now() + RETRY_MS;
        // Whatever the stream says, this must be asked again.
        asked = Number.MAX_SAFE_INTEGER;
      } finally {
        busy = false;
      }
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [key, everyMs, live, attempt]);
  return { ...loaded, retry: () => setAttempt((count) => count + 1) };
}
