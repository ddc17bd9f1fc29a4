/**
 * Processors as a supervisor runs them: processes of their own, each with its own ways to Kafka and
 * to Redis, started again when they end. That one ends when nobody asked for it is remembered.
 */

import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TcpProxy } from '@holdfast/testkit/faults/tcp-proxy.ts';
import { isOver, type Keeper, over } from '@holdfast/testkit/launchers/keeper.ts';

const MAIN = fileURLToPath(new URL('../../services/processor/src/main.ts', import.meta.url));
const CLOCK = fileURLToPath(new URL('shifted-clock.ts', import.meta.url));
/** What a supervisor waits before it starts again. */
const RESTART_MS = 500;
const LINES_SHOWN = 6;
const FOLDS_AGAIN = 'folding again';

/** A processor's ways to the servers. */
export interface Ways {
  readonly kafka: readonly TcpProxy[];
  readonly redis: TcpProxy;
}

export interface Member {
  readonly name: string;
  readonly ways: Ways;
  start(): void;
  /** SIGKILL; the supervisor starts it again. */
  kill(): Promise<void>;
  /** SIGSTOP, and later SIGCONT. */
  suspend(): void;
  resume(): void;
  /** SIGTERM; it stays away. The exit code, null where a signal ended it. */
  end(): Promise<number | null>;
  /** SIGKILL; it stays away. */
  abandon(): Promise<void>;
  /** By so many ms its clock is wrong from now on. */
  setClock(shiftMs: number): void;
  /** How often it began to fold a partition again. */
  foldedAgain(): number;
  /** The last it said. */
  lastWords(): string;
  /** Ends that nobody asked for. */
  readonly unasked: readonly string[];
}

export const member = (
  keeper: Keeper,
  name: string,
  ways: Ways,
  settings: Readonly<Record<string, string>>,
): Member => {
  const logFile = join(keeper.folder, `${name}.log`);
  const clockFile = join(keeper.folder, `${name}.clock`);
  const unasked: string[] = [];
  let child: ChildProcess | null = null;
  let asked = true;
  writeFileSync(clockFile, '0');
  writeFileSync(logFile, '');

  const lastWords = (): string =>
    readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LINES_SHOWN).join('\n');

  const start = (): void => {
    const output = openSync(logFile, 'a');
    const started = keeper.run({
      program: process.execPath,
      args: ['--import', CLOCK, MAIN],
      cwd: keeper.folder,
      env: { PATH: process.env.PATH ?? '', CHAOS_CLOCK: clockFile, ...settings },
      output,
    });
    closeSync(output);
    child = started;
    asked = false;
    started.once('exit', async (code, signal) => {
      if (asked) return;
      unasked.push(`${name} ended with ${code ?? signal}\n${lastWords()}`);
      await sleep(RESTART_MS);
      if (!asked && child === started) start();
    });
  };

  const stop = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    asked = true;
    if (child === null) return null;
    if (!isOver(child)) child.kill(signal);
    await over(child);
    return child.exitCode;
  };

  return {
    name,
    ways,
    start,
    kill: async () => {
      await stop('SIGKILL');
      await sleep(RESTART_MS);
      start();
    },
    suspend: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    end: () => stop('SIGTERM'),
    abandon: async () => {
      await stop('SIGKILL');
    },
    setClock: (shiftMs) => {
      writeFileSync(clockFile, String(shiftMs));
      if (child !== null && !isOver(child)) child.kill('SIGUSR2');
    },
    foldedAgain: () => readFileSync(logFile, 'utf8').split(FOLDS_AGAIN).length - 1,
    lastWords,
    unasked,
  };
};
