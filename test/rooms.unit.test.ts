/**
 * The check of the rooms (.dependency-cruiser.mjs) catches what it is for. A parser that can't read
 * our files would pass everything in silence, so a repository of good files and planted violations,
 * one for each rule, goes through it.
 */

import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../${path}`, import.meta.url));

interface Report {
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** `file: rule` of each violation in a repository of these files. */
const violationsIn = async (
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-rooms-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(inRepository('node_modules'), join(folder, 'node_modules'));
  for (const name of ['tsconfig.json', 'tsconfig.base.json']) {
    await copyFile(inRepository(name), join(folder, name));
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const args = [
    ...[inRepository('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'), 'packages'],
    ...['services', '--config', inRepository('.dependency-cruiser.mjs'), '-T', 'json'],
  ];
  const json = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder }, (_exit, stdout, stderr) =>
      stdout === '' ? reject(new Error(stderr)) : resolve(stdout),
    );
  });
  const { summary } = JSON.parse(json) as Report;
  return summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
};

const GOOD = {
  'packages/redis/package.json': JSON.stringify({ dependencies: { ioredis: '*' } }),
  'packages/domain/package.json': JSON.stringify({ dependencies: { luxon: '*' } }),
  'packages/domain/src/good.ts': "import { DateTime } from 'luxon'; export const now = DateTime;",
  'packages/redis/src/good.ts':
    "import { Redis } from 'ioredis'; import { now } from '../../domain/src/good.ts'; export const store = [Redis, now];",
  'services/exporter/src/good.ts': "import '../../../packages/redis/src/good.ts';",
  'services/cli/src/good.unit.test.ts': "import '../../exporter/src/good.ts';",
};

const TO_STORE = "import { store } from '../../redis/src/good.ts'; export const wired = store;";

/** Rule, file, text of the file. */
const PLANTED = [
  ['room-pipeline', 'packages/pipeline/src/store.ts', TO_STORE],
  ['room-domain', 'packages/domain/src/store.ts', TO_STORE.replace('import', 'import type')],
  ['room-without-rules', 'packages/new/src/store.ts', TO_STORE],
  ['only-redis', 'services/processor/src/store.ts', "import { Redis } from 'ioredis';"],
  ['pure-domain', 'packages/domain/src/clock.ts', "import { hrtime } from 'node:process';"],
  ['no-service-in-service', 'services/cli/src/other.ts', "import '../../exporter/src/good.ts';"],
  ['no-test-in-product', 'services/cli/src/test.ts', "import './good.unit.test.ts';"],
  ['declared', 'packages/redis/src/time.ts', "import { DateTime } from 'luxon';"],
  ['resolvable', 'packages/redis/src/gone.ts', "import './nowhere.ts';"],
  ['no-cycle', 'packages/redis/src/a.ts', "import './b.ts';"],
] as const;

test('each rule catches the import planted for it, types included, and good files pass', async () => {
  const planted = Object.fromEntries(PLANTED.map(([, path, text]) => [path, text]));
  const cycle = { 'packages/redis/src/b.ts': "import type {} from './a.ts';" };
  const found = await violationsIn({ ...GOOD, ...planted, ...cycle });
  expect(found).toEqual(expect.arrayContaining(PLANTED.map(([rule, path]) => `${path}: ${rule}`)));
  expect(found.filter((violation) => violation.includes('/good.'))).toEqual([]);
});
