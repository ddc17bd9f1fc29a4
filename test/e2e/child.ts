/**
 * A service as its operator runs it: a process of its own, `node services/<name>/src/main.ts`,
 * that can be ended and killed. Nothing of it outlives the test.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

type Env = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child extends AsyncDisposable {
  /** Where it serves /metrics. */
  readonly url: string;
  /** Sends the signal and waits for the end; the exit code, null where the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

const spawnService = (service: string, env: Env): ChildProcess => {
  const main = fileURLToPath(new URL(`../../services/${service}/src/main.ts`, import.meta.url));
  const { PATH = '' } = process.env;
  return spawn(process.execPath, [main], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

/** Runs a service that is expected to end by itself. */
export const runToEnd = async (service: string, env: Env): Promise<Ended> => {
  const child = spawnService(service, env);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
};

/** Starts a service; resolves once it serves. Throws with its last words where it ends before. */
export const startChild = async (service: string, env: Env): Promise<Child> => {
  const child = spawnService(service, env);
  const closed = once(child, 'close') as Promise<[number | null]>;
  child.stdout!.resume();
  const lines: string[] = [];
  const serving = Promise.withResolvers<string>();
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lines.push(line);
    const said = line.startsWith('{')
      ? (JSON.parse(line) as { message: string; url?: string })
      : null;
    if (said?.message === 'serving' && said.url !== undefined) serving.resolve(said.url);
  });
  closed.then(([code]) =>
    serving.reject(new Error(`${service} ended with ${code}\n${lines.join('\n')}`)),
  );
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    child.kill(signal);
    const [code] = await closed;
    return code;
  };
  return {
    url: await serving.promise,
    end,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
    },
  };
};
