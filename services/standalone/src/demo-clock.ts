/** The demo's time: set by hand while the past is lived through, then running by itself. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@holdfast/pipeline/ports.ts';

export interface DemoClock extends Clock {
  /** Moves time on to an instant, UTC ms. */
  set(at: number): void;
  /** From now on time runs so many times faster than the wall's. */
  run(speed: number): void;
}

/** `wall`: real ms, from any zero. */
export function demoClock(from: number, wall: () => number): DemoClock {
  let at = from;
  let speed = 0;
  let since = 0;
  const now = (): number => (speed === 0 ? at : Math.floor(at + (wall() - since) * speed));
  return {
    simulated: true,
    now,
    set: (next) => {
      at = next;
    },
    run: (times) => {
      since = wall();
      speed = times;
    },
    wait: async (ms, signal) => {
      await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
        if (signal?.aborted !== true) throw error;
      });
    },
  };
}
