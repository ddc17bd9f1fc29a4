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
  openssl: { args: ['version'], needs: 'openssl', apt: 'openssl' },
  'redis-server': { args: ['--version'], needs: 'redis-server', apt: 'redis-server' },
  prometheus: { args: ['--version'], needs: 'prometheus', apt: 'prometheus' },
  promtool: { args: ['--version'], needs: 'promtool', apt: 'prometheus' },
  alertmanager: { args: ['--version'], needs: 'alertmanager', apt: 'prometheus-alertmanager' },
  /** What Debian calls alertmanager. */
  'prometheus-alertmanager': {
    args: ['--version'],
    needs: 'alertmanager',
    apt: 'prometheus-alertmanager',
  },
  amtool: { args: ['--version'], needs: 'amtool', apt: 'prometheus-alertmanager' },
} as const;

export type Program = keyof typeof PROGRAMS;

/** Whether it is on the PATH, in a version that will do. */
export const isThere = async (program: Program): Promise<boolean> => {
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

/** What of the programs is not there, and how to get it; null where all of them are. */
export const missingOf = async (programs: readonly Program[]): Promise<string | null> => {
  const there = await Promise.all(programs.map(isThere));
  const missing = programs.filter((_, at) => !there[at]).map((program) => PROGRAMS[program]);
  if (missing.length === 0) return null;
  const names = missing.map(({ needs }) => needs).join(' and ');
  const packages = [...new Set(missing.map(({ apt }) => apt))].join(' ');
  return `${names} (on Debian: apt-get install ${packages})`;
};

/** Throws `service_missing` that names every one of the programs that is not there. */
export const requirePrograms = async (programs: readonly Program[]): Promise<void> => {
  const missing = await missingOf(programs);
  if (missing !== null) {
    throw new HoldfastError('service_missing', `${missing}, or a Docker engine instead`);
  }
};
