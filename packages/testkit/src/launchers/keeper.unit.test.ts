import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openKeeper } from './keeper.ts';

const SLEEPER = { program: 'sleep', args: ['1000'] } as const;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a keeper that is closed', () => {
  test('has killed its processes and removed its folder', async () => {
    const keeper = openKeeper('test');
    writeFileSync(join(keeper.folder, 'data'), 'x');
    const output = openSync(join(keeper.folder, 'log'), 'w');
    const child = keeper.run({ ...SLEEPER, cwd: keeper.folder, output });
    expect(isAlive(child.pid as number)).toBe(true);
    await keeper.close();
    expect(isAlive(child.pid as number)).toBe(false);
    expect(existsSync(keeper.folder)).toBe(false);
  });

  test('does not touch the number of a process that ended before', async () => {
    const keeper = openKeeper('test');
    const output = openSync(join(keeper.folder, 'log'), 'w');
    const run = () => keeper.run({ ...SLEEPER, cwd: keeper.folder, output });
    const children = [run(), run(), run()];
    children[1]?.kill('SIGKILL');
    await once(children[1] as ChildProcess, 'exit');
    await keeper.close();
    expect(children.map(({ signalCode }) => signalCode)).toEqual(Array(3).fill('SIGKILL'));
  });
});

/** A process of its own that opens a keeper, runs a child in it, and then does `next`. */
const openElsewhere = async (next: string) => {
  const script = `
    import { openSync } from 'node:fs';
    import { openKeeper } from ${JSON.stringify(new URL('keeper.ts', import.meta.url).href)};
    const keeper = openKeeper('test');
    const output = openSync(keeper.folder + '/log', 'w');
    const child = keeper.run({ program: 'sleep', args: ['1000'], cwd: keeper.folder, output });
    console.log(JSON.stringify({ folder: keeper.folder, pid: child.pid }));
    process.stdin.once('data', () => { ${next} });
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    owner.kill('SIGKILL');
  });
  const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
  const { folder, pid } = JSON.parse(line) as { folder: string; pid: number };
  expect(isAlive(pid) && existsSync(folder)).toBe(true);
  return { owner, folder, pid };
};

describe('a keeper whose process ends', () => {
  test.each([
    ['by kill -9', "process.kill(process.pid, 'SIGKILL')"],
    ['by SIGTERM', "process.kill(process.pid, 'SIGTERM')"],
    ['by an uncaught exception', "throw new Error('planted')"],
    ['by process.exit', 'process.exit(0)'],
  ])('%s kills its processes and removes its folder', async (_how, next) => {
    const { owner, folder, pid } = await openElsewhere(next);
    owner.stdin.write('go\n');
    await vi.waitFor(() => expect([isAlive(pid), existsSync(folder)]).toEqual([false, false]), {
      timeout: 20_000,
    });
  });
});
