/**
 * Waiting and trying again, with an end: an AbortSignal that a closed adapter or a timeout raises.
 * Reads no clock and never rejects because time is over.
 */

import { setTimeout as sleep } from 'node:timers/promises';

/** A signal raised after so many milliseconds, or earlier with one of the others. */
export const within = (ms: number, ...others: readonly AbortSignal[]): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(ms), ...others]);

/** Resolves after `ms`, or at once when the signal is raised. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

export interface Persistence {
  readonly until: AbortSignal;
  /** Whether the call may succeed later. */
  readonly passes: (error: unknown) => boolean;
  /** Called before each further try, for looking up the leader anew; must not throw. */
  readonly between: (error: unknown) => Promise<void>;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** The first success; else the last error, once it can't pass or `until` is raised. */
export const persist = async <T>(
  attempt: () => Promise<T>,
  { until, passes, between, firstWaitMs, longestWaitMs }: Persistence,
): Promise<T> => {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (until.aborted || !passes(error)) throw error;
      await between(error);
      await pause(waitMs, until);
      if (until.aborted) throw error;
    }
  }
};
