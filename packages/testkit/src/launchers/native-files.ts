/**
 * The files of Kafka and of the registry: fetched once by Maven as deploy/kafka/pom.xml says, and
 * kept in the repository's git-ignored .cache/ under a name made from that pom. With them there,
 * a start needs Java only.
 */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { type Program, requirePrograms } from './programs.ts';

const run = promisify(execFile);

const POM = fileURLToPath(new URL('../../../../deploy/kafka/pom.xml', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../../.cache/', import.meta.url));

export interface NativeFiles {
  /** Folder of the broker's jars. */
  readonly kafka: string;
  /** The registry's jar, which finds its libraries by itself. */
  readonly registry: string;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const cacheFolder = async (): Promise<string> => {
  const digest = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex');
  return join(CACHE, `native-services-${digest.slice(0, 12)}`);
};

/** The programs without which `nativeFiles` can't do. */
export const programsForFiles = async (): Promise<readonly Program[]> =>
  (await exists(await cacheFolder())) ? ['java'] : ['java', 'mvn'];

const fetchInto = async (folder: string): Promise<void> => {
  await mkdir(CACHE, { recursive: true });
  // Another process may be fetching as well: each into a folder of its own, the first one's stays.
  const mine = await mkdtemp(join(CACHE, 'fetching-'));
  try {
    await run('mvn', ['-B', '-q', '-f', POM, 'package', `-Dinto=${mine}`]);
    await rename(mine, folder);
  } catch (error) {
    if (!(await exists(folder))) {
      const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
      const line = said.split('\n').find((text) => text.includes('ERROR')) ?? String(error);
      throw new HoldfastError(
        'service_missing',
        `Kafka and the schema registry, for mvn could not fetch them: ${line}`,
        { cause: error },
      );
    }
  } finally {
    await rm(mine, { recursive: true, force: true });
  }
};

const find = async (): Promise<NativeFiles> => {
  await requirePrograms(await programsForFiles());
  const folder = await cacheFolder();
  if (!(await exists(folder))) {
    await fetchInto(folder);
  }
  return {
    kafka: join(folder, 'kafka'),
    registry: join(folder, 'registry', 'apicurio-registry-app-3.0.9-runner.jar'),
  };
};

let found: Promise<NativeFiles> | undefined;

/** Where the files are; throws `service_missing` when they can't be had on this machine. */
export const nativeFiles = (): Promise<NativeFiles> => {
  found ??= find();
  return found;
};
