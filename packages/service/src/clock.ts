/**
 * The clock that `HOLDFAST_CLOCK` asks for. The wall's time comes in as a function, so that only a
 * service's main and tests decide where it is from.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { ClockSetting } from '@holdfast/config/clock.ts';
import type { Clock } from '@holdfast/pipeline/ports.ts';

const wait: Clock['wait'] = async (ms, signal) => {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
};

const nowOf = (setting: ClockSetting, wall: () => number): (() => number) => {
  switch (setting.kind) {
    case 'wall':
      return wall;
    case 'fixed':
      return () => setting.at;
    case 'from': {
      const startedAt = wall();
      return () => Math.floor(setting.from + (wall() - startedAt) * setting.speed);
    }
  }
};

/** A clock that starts to run now; `wall`: UTC ms. */
export const clockOf = (setting: ClockSetting, wall: () => number): Clock => ({
  now: nowOf(setting, wall),
  simulated: setting.kind !== 'wall',
  wait,
});
