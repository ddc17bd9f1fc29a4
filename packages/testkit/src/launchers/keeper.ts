/**
 * A temporary folder and the processes that work in it, with one way to end both: a small shell
 * that waits on a pipe from us. The kernel closes that pipe when we close it, and also when we end
 * in any other way (an uncaught exception, Ctrl-C, kill -9); the shell then kills every process it
 * was told of and removes the folder. So nothing here listens for signals, and nothing is left.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HoldfastError } from '@holdfast/domain/errors.ts';

const KEEP = `
pids=' '
while read -r word pid; do
  case $word in
    started) pids="$pids$pid " ;;
    ended) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
kill -9 $pids 2>/dev/null
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf -- "$1" 2>/dev/null && exit 0
  sleep 0.2
done
exit 1
`;

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** This process's own unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** Open files that the process writes its standard output and error to. */
  readonly output: number;
}

export interface Keeper {
  readonly folder: string;
  /** Starts a process that ends with this keeper at the latest. */
  run(command: Command): ChildProcess;
  /** Kills what still runs and removes the folder. */
  close(): Promise<void>;
}

/** Whether the process is over; with an exit code or by a signal. */
export const isOver = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

/** Resolves when the process is over. */
export const over = async (child: ChildProcess): Promise<void> => {
  if (!isOver(child)) {
    child.ref();
    await once(child, 'exit');
  }
};

/**
 * A new folder with a keeper. Neither keeper nor processes keep this process alive, and a Ctrl-C in
 * the terminal does not reach them: they end because we do.
 */
export const openKeeper = (name: string): Keeper => {
  const folder = mkdtempSync(join(tmpdir(), `holdfast-${name}-`));
  const shell = spawn('sh', ['-c', KEEP, 'holdfast-keeper', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const pipe = shell.stdin as Socket;
  // A keeper that was killed shows at close(), by its exit code.
  pipe.on('error', () => {});
  pipe.unref();
  shell.unref();
  const children = new Set<ChildProcess>();

  return {
    folder,

    run: ({ program, args, cwd, env, output }) => {
      const child = spawn(program, args, {
        cwd,
        ...(env === undefined ? {} : { env }),
        detached: true,
        stdio: ['ignore', output, output],
      });
      child.unref();
      if (child.pid !== undefined) {
        children.add(child);
        pipe.write(`started ${child.pid}\n`);
        child.once('exit', () => {
          children.delete(child);
          pipe.write(`ended ${child.pid}\n`);
        });
      }
      return child;
    },

    close: async () => {
      const running = [...children];
      pipe.end();
      await over(shell);
      await Promise.all(running.map(over));
      if (shell.exitCode !== 0) {
        throw new HoldfastError('service_failed', `the folder ${folder} could not be removed`);
      }
    },
  };
};
