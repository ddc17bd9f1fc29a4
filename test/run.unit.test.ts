/** `pnpm test` itself, run on small folders of tests that pass, fail and break. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const RUN = fileURLToPath(new URL('run.ts', import.meta.url));
const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));
const IMPORT = "import { beforeAll, describe, test } from 'vitest';\n";

interface Ended {
  readonly code: number;
  readonly lastLine: string | undefined;
}

const runOn = async (files: Readonly<Record<string, string>>, ...words: string[]) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-run-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(MODULES, join(folder, 'node_modules'));
  await mkdir(join(folder, 'test'));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, 'test', `${name}.test.js`), IMPORT + text);
  }
  return new Promise<Ended>((resolve) => {
    execFile(process.execPath, [RUN, '--root', folder, ...words], (error, stdout) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, lastLine: stdout.trimEnd().split('\n').at(-1) });
    });
  });
};

const PASSES = "test('passes', () => {});\n";
const FAILS = "test('fails', () => { throw new Error('planted'); });\n";
const SKIPPED = "test.skip('is skipped', () => {});\n";

test('a run that passes ends with its counts and 0', async () => {
  expect(await runOn({ a: PASSES + SKIPPED, b: PASSES })).toEqual({
    code: 0,
    lastLine: '2 passed, 0 failed, 1 skipped',
  });
});

test('a run with a failing test ends with 1', async () => {
  expect(await runOn({ a: PASSES + FAILS })).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('a file that can not be loaded counts as failed', async () => {
  const loads = "import './nowhere.js';\n";
  expect(await runOn({ a: PASSES, b: loads + PASSES })).toEqual({
    code: 1,
    lastLine: '1 passed, 1 failed',
  });
});

test('a hook that throws counts as failed', async () => {
  const hook = "describe('with a hook', () => { beforeAll(() => { throw new Error('planted'); });";
  expect(await runOn({ a: `${PASSES + hook + PASSES}});` })).toEqual({
    code: 1,
    lastLine: '1 passed, 1 failed, 1 skipped',
  });
});

test('a promise that nobody awaits and that fails counts as failed', async () => {
  const stray = "Promise.reject(new Error('planted'));\n";
  expect(await runOn({ a: PASSES + stray })).toEqual({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('a filter that fits no file ends with 1', async () => {
  expect(await runOn({ a: PASSES }, 'no-such-file')).toEqual({
    code: 1,
    lastLine: '0 passed, 1 failed',
  });
});
