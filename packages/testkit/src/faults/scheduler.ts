/**
 * Decides what happens next. Every start and every reply of a call, every timer and every fault is
 * a step, and the seed draws their order. Knows no real time: between two steps only microtasks
 * run, to the last one.
 */

import type { Random } from '@holdfast/simulation/random.ts';

export interface Scheduler {
  /** Simulated UTC ms. */
  now(): number;
  /** `run` becomes one step, at the earliest after so many ms; of those that may run any may. */
  plan(label: string, run: () => void | Promise<void>, afterMs?: number): Planned;
  /** Time moves on without a step. */
  pass(ms: number): void;
  /** One step; everything it set off has come to rest when it resolves. False: nothing is planned. */
  step(): Promise<boolean>;
  /** A line of the trace. */
  note(line: () => string): void;
}

export interface Planned {
  /** Simulated UTC ms; not before. */
  readonly at: number;
  cancel(): void;
}

interface Task {
  readonly label: string;
  readonly at: number;
  readonly run: () => void | Promise<void>;
  isCancelled: boolean;
}

/** How often a timer goes off although something else could happen first. */
const TIMER_FIRST = 0.04;
/** How often a step takes a millisecond. */
const TIME_PASSES = 0.3;

export const scheduler = (random: Random, start: number, trace: string[] | null): Scheduler => {
  let now = start;
  const ready: Task[] = [];
  const timers: Task[] = [];

  const plan = (label: string, run: Task['run'], afterMs = 0): Planned => {
    const task: Task = { label, at: now + afterMs, run, isCancelled: false };
    (afterMs > 0 ? timers : ready).push(task);
    return {
      at: task.at,
      cancel: () => {
        task.isCancelled = true;
      },
    };
  };

  const wakeTimers = (): void => {
    for (let at = timers.length - 1; at >= 0; at -= 1) {
      const task = timers[at] as Task;
      if (task.at > now && !task.isCancelled) continue;
      timers[at] = timers.at(-1) as Task;
      timers.pop();
      if (!task.isCancelled) ready.push(task);
    }
  };

  const toNextTimer = (): void => {
    let next = Number.POSITIVE_INFINITY;
    for (const task of timers) if (!task.isCancelled) next = Math.min(next, task.at);
    if (next < Number.POSITIVE_INFINITY) now = Math.max(now, next);
  };

  const take = (): Task | undefined => {
    while (ready.length > 0) {
      const at = random.between(0, ready.length - 1);
      const task = ready[at] as Task;
      ready[at] = ready.at(-1) as Task;
      ready.pop();
      if (!task.isCancelled) return task;
    }
    return undefined;
  };

  const note = (line: () => string): void => {
    trace?.push(`${new Date(now).toISOString()} ${line()}`);
  };

  return {
    now: () => now,
    plan,
    note,
    pass: (ms) => {
      now += ms;
    },
    step: async () => {
      if (random.chance(TIME_PASSES)) now += 1;
      wakeTimers();
      if (ready.length === 0 || random.chance(TIMER_FIRST)) {
        toNextTimer();
        wakeTimers();
      }
      const task = take();
      if (task === undefined) return timers.length > 0;
      note(() => task.label);
      await task.run();
      await atRest();
      return true;
    },
  };
};

/** Resolves when no microtask is left; what runs in between must not use timers of its own. */
const atRest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
