/**
 * One service of ours as a process of its own, as in reality. Its environment is what it is given
 * and nothing of ours; its log goes to a file. A keeper ends it at the latest when we end.
 */

import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { isOver, type Keeper, over } from '@holdfast/testkit/launchers/keeper.ts';
import { argumentsOf, type SETUP, type ServiceName } from './settings.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LINES_SHOWN = 10;

export interface ServiceProcess {
  readonly name: string;
  readonly logFile: string;
  /** Starts it, also again after it has ended; its log goes on. */
  start(): void;
  /** Sends the signal and resolves with the exit code, or null where the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Resolves with the exit code of the process that runs now. */
  ended(): Promise<number | null>;
  /** The end of its log, as an error. */
  failure(code: number | null): HoldfastError;
}

export const serviceProcess = (
  keeper: Keeper,
  name: ServiceName | typeof SETUP,
  environment: Readonly<Record<string, string>>,
): ServiceProcess => {
  const logFile = join(keeper.folder, `${name}.log`);
  let child: ChildProcess | null = null;

  const ended = async (): Promise<number | null> => {
    if (child === null) return null;
    await over(child);
    return child.exitCode;
  };

  return {
    name,
    logFile,
    start: () => {
      const output = openSync(logFile, 'a');
      const assignments = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
      child = keeper.run({
        program: 'env',
        args: ['-i', ...assignments, process.execPath, ...argumentsOf(name)],
        cwd: ROOT,
        output,
      });
      closeSync(output);
    },
    end: async (signal) => {
      if (child !== null && !isOver(child)) child.kill(signal);
      return ended();
    },
    ended,
    failure: (code) => {
      const lines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-LINES_SHOWN);
      const how = code === null ? 'was ended by a signal' : `ended with ${code}`;
      return new HoldfastError('service_failed', `${name} ${how}\n${lines.join('\n')}`);
    },
  };
};
