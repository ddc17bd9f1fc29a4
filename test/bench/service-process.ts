/** A service of Holdfast as a process of its own, for benchmarks. */

import { type ChildProcess, spawn } from 'node:child_process';
import type { All } from '@holdfast/testkit/launchers/all.ts';
import { argumentsOf, type ServiceName } from '../../deploy/stack/settings.ts';

export interface ServiceProcess {
  readonly child: ChildProcess;
  /** Where it serves. */
  readonly url: Promise<string>;
  /** All that it has logged. */
  readonly said: () => string;
}

export const INSTANCE = 'bench';

/** Ended with the benchmark, however that ends. */
const children: ChildProcess[] = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export function startService(
  service: ServiceName,
  { kafka, registry, redis }: Omit<All, 'stop'>,
  flags: readonly string[] = [],
): ServiceProcess {
  const child = spawn(process.execPath, [...flags, ...argumentsOf(service)], {
    env: {
      PATH: process.env.PATH,
      HOLDFAST_KAFKA_BOOTSTRAP: kafka.bootstrap,
      HOLDFAST_REGISTRY_URL: registry.url,
      HOLDFAST_REDIS_URL: redis.url,
      HOLDFAST_INSTANCE: INSTANCE,
      HOLDFAST_HTTP_PORT: '0',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let said = '';
  const url = new Promise<string>((resolve) => {
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      const found = /"url":"([^"]+)"/.exec(said);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
  });
  return { child, url, said: () => said };
}
