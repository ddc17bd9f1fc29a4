/**
 * The check of the rooms (.dependency-cruiser.mjs) catches what it is for. A parser that can't read
 * our files would pass everything in silence, so each rule is shown a planted violation.
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

const REDIS = 'packages/redis/src/store.ts';
const SERVICE = 'services/exporter/src/main.ts';

/** What the planted violations import, and nothing wrong in itself. */
const CLEAN = {
  'packages/redis/package.json': JSON.stringify({ dependencies: { ioredis: '*' } }),
  'packages/domain/package.json': JSON.stringify({ dependencies: { luxon: '*' } }),
  'packages/domain/src/instant.ts':
    "import { DateTime } from 'luxon'; export const now = DateTime;",
  [REDIS]:
    "import { Redis } from 'ioredis'; import { now } from '../../domain/src/instant.ts'; export const store = [Redis, now];",
  [SERVICE]:
    "import { store } from '../../../packages/redis/src/store.ts'; export const wired = store;",
};

test('imports that the table allows pass', async () => {
  expect(await violationsIn(CLEAN)).toEqual([]);
});

test.each([
  ['room-pipeline', 'packages/pipeline/src/loop.ts', "import '../../redis/src/store.ts';"],
  ['room-without-rules', 'packages/new/src/a.ts', "import '../../redis/src/store.ts';"],
  ['only-redis', 'services/processor/src/main.ts', "import { Redis } from 'ioredis';"],
  ['pure-domain', 'packages/domain/src/clock.ts', "import { hrtime } from 'node:process';"],
  ['no-service-in-service', 'services/cli/src/main.ts', "import '../../exporter/src/main.ts';"],
  ['no-test-in-product', 'services/cli/src/main.ts', "import './main.unit.test.ts';"],
  ['declared', 'packages/redis/src/time.ts', "import { DateTime } from 'luxon';"],
  ['resolvable', 'packages/redis/src/gone.ts', "import './nowhere.ts';"],
])('%s catches a planted import in %s', async (rule, path, text) => {
  const found = await violationsIn({
    ...CLEAN,
    'services/cli/src/main.unit.test.ts': 'export const nothing = null;',
    [path]: text,
  });
  expect(found).toContain(`${path}: ${rule}`);
});

test('a type import counts as an import', async () => {
  const path = 'packages/domain/src/clock.ts';
  const text =
    "import type { store } from '../../redis/src/store.ts'; export type S = typeof store;";
  expect(await violationsIn({ ...CLEAN, [path]: text })).toContain(`${path}: room-domain`);
});

test('files that import each other are found', async () => {
  const found = await violationsIn({
    ...CLEAN,
    'packages/domain/src/a.ts': "import { b } from './b.ts'; export const a = () => b;",
    'packages/domain/src/b.ts': "import { a } from './a.ts'; export const b = () => a;",
  });
  expect(found).toContain('packages/domain/src/a.ts: no-cycle');
});
