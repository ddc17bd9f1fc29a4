/**
 * One native process as a `Server`: started by a keeper, ready when its probe says so, and ended
 * and started again on the same data.
 */

import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { isOver, type Keeper, over } from './keeper.ts';
import type { Server } from './server.ts';

/** Generous: a busy machine is no failure. */
const READY_WITHIN_MS = 120_000;
const PROBE_EVERY_MS = 50;
const LINES_SHOWN = 15;

export interface NativeServer {
  /** For messages, and the name of its log file. */
  readonly name: string;
  readonly address: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Whether it serves; given all that it has written since this start. */
  readonly isReady: (log: string) => boolean | Promise<boolean>;
}

const lastLines = (log: string): string => log.trim().split('\n').slice(-LINES_SHOWN).join('\n');

/** Defines the server; nothing runs before its first `start`. */
export const nativeServer = (keeper: Keeper, definition: NativeServer): Server => {
  const { name, address, program, args, isReady } = definition;
  const logFile = join(keeper.folder, `${name}.log`);
  let child: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child !== undefined) {
      child.kill(signal);
      await over(child);
    }
  };

  return {
    address,
    kill: () => end('SIGKILL'),
    terminate: () => end('SIGTERM'),

    start: async () => {
      if (child !== undefined && !isOver(child)) {
        return;
      }
      const output = openSync(logFile, 'w');
      const started = keeper.run({ program, args, cwd: keeper.folder, output });
      closeSync(output);
      child = started;
      let failure: Error | undefined;
      started.once('error', (error) => {
        failure = error;
      });
      const deadline = performance.now() + READY_WITHIN_MS;
      for (;;) {
        await sleep(PROBE_EVERY_MS);
        const log = readFileSync(logFile, 'utf8');
        if (isOver(started)) {
          const how = failure?.message ?? `exit ${started.exitCode ?? started.signalCode}`;
          throw new HoldfastError('service_failed', `${name} (${how})\n${lastLines(log)}`);
        }
        if (await isReady(log)) {
          return;
        }
        if (performance.now() > deadline) {
          await end('SIGKILL');
          throw new HoldfastError(
            'service_failed',
            `${name} did not serve within ${READY_WITHIN_MS / 1000} s\n${lastLines(log)}`,
          );
        }
      }
    },
  };
};
