/**
 * A process as the world sees it: it runs, stands still (SIGSTOP, a long collection of garbage) or
 * is dead, its memory gone. What happens to it is a step; while it stands still nothing does, and
 * all of that happens after it. Its clock may be wrong.
 */

import type { Clock } from '@holdfast/pipeline/ports.ts';
import type { Planned, Scheduler } from './scheduler.ts';

export interface SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  isAlive(): boolean;
  /** A step of this process; never comes when it is dead by then. */
  plan(label: string, run: () => void, afterMs?: number): Planned;
  kill(): void;
  stop(): void;
  goOn(): void;
  isStopped(): boolean;
  /** By so much its clock is ahead of the true time, ms. */
  setClockAhead(ms: number): void;
}

export const simulatedProcess = (name: string, scheduler: Scheduler): SimulatedProcess => {
  let state: 'running' | 'stopped' | 'dead' = 'running';
  let clockAhead = 0;
  const waiting: (() => void)[] = [];

  const plan = (label: string, run: () => void, afterMs?: number): Planned => {
    let isCancelled = false;
    const attempt = (): void => {
      if (isCancelled || state === 'dead') return;
      if (state === 'stopped') waiting.push(attempt);
      else run();
    };
    const planned = scheduler.plan(`${name} ${label}`, attempt, afterMs);
    return {
      at: planned.at,
      cancel: () => {
        isCancelled = true;
        planned.cancel();
      },
    };
  };

  return {
    name,
    plan,
    isAlive: () => state !== 'dead',
    isStopped: () => state === 'stopped',
    kill: () => {
      state = 'dead';
    },
    stop: () => {
      if (state === 'running') state = 'stopped';
    },
    goOn: () => {
      if (state !== 'stopped') return;
      state = 'running';
      for (const attempt of waiting.splice(0)) scheduler.plan(`${name} goes on`, attempt);
    },
    setClockAhead: (ms) => {
      clockAhead = ms;
    },
    clock: {
      now: () => scheduler.now() + clockAhead,
      simulated: false,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) {
            resolve();
            return;
          }
          const timer = plan(`waited ${ms} ms`, resolve, ms);
          signal?.addEventListener('abort', () => {
            timer.cancel();
            resolve();
          });
        }),
    },
  };
};
