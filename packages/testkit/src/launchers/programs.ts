/**
 * The programs of the machine that native services need. Says everything that is missing at once,
 * and how to get it.
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { HoldfastError } from '@holdfast/domain/errors.ts';

const run = promisify(execFile);

/** What Kafka 4 brokers run on. */
const JAVA_AT_LEAST = 17;

const PROGRAMS = {
  java: {
    args: ['-version'],
    needs: `java ${JAVA_AT_LEAST} or later`,
    apt: 'default-jre-headless',
  },
  mvn: { args: ['--version'], needs: 'mvn', apt: 'maven' },
  'redis-server': { args: ['--version'], needs: 'redis-server', apt: 'redis-server' },
} as const;

export type Program = keyof typeof PROGRAMS;

const isThere = async (program: Program): Promise<boolean> => {
  try {
    const { stdout, stderr } = await run(program, PROGRAMS[program].args);
    if (program !== 'java') {
      return true;
    }
    const version = /version "(\d+)/.exec(`${stdout}${stderr}`)?.[1];
    return version !== undefined && Number(version) >= JAVA_AT_LEAST;
  } catch {
    // Not on the PATH, or it can't even say its version: the same remedy.
    return false;
  }
};

/** Throws `service_missing` that names every one of the programs that is not there. */
export const requirePrograms = async (programs: readonly Program[]): Promise<void> => {
  const there = await Promise.all(programs.map(isThere));
  const missing = programs.filter((_, at) => !there[at]).map((program) => PROGRAMS[program]);
  if (missing.length > 0) {
    const names = missing.map(({ needs }) => needs).join(' and ');
    const packages = missing.map(({ apt }) => apt).join(' ');
    throw new HoldfastError(
      'service_missing',
      `${names} (on Debian: apt-get install ${packages}), or a Docker engine instead`,
    );
  }
};
