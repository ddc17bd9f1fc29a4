/**
 * Global setup of the tiers that need services: starts them once for the whole run, however many
 * tiers take part, and tells every test where they are or why they can't be had.
 */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { startKafka } from '@holdfast/testkit/launchers/kafka.ts';
import { startRedis } from '@holdfast/testkit/launchers/redis.ts';
import { startRegistry } from '@holdfast/testkit/launchers/registry.ts';
import type { Launched } from '@holdfast/testkit/launchers/server.ts';
import type { ProvidedServices } from '@holdfast/testkit/services.ts';
import type { TestProject } from 'vitest/node';

interface Started {
  readonly provided: ProvidedServices;
  stop(): Promise<void>;
}

/** Vitest loads this file once for each tier; what they share hangs on the process. */
declare global {
  var holdfastServices: Promise<Started> | undefined;
}

const fulfilled = <Value>(settled: PromiseSettledResult<Value>): readonly Value[] =>
  settled.status === 'fulfilled' ? [settled.value] : [];

const startAll = async (): Promise<Started> => {
  const settled = await Promise.allSettled([startKafka(), startRegistry(), startRedis()] as const);
  const started: readonly Launched[] = settled.flatMap((one) => fulfilled<Launched>(one));
  let stopping: Promise<unknown> | undefined;
  // Each tier asks for it at its end, the first one when all are done.
  const stop = async (): Promise<void> => {
    stopping ??= Promise.all(started.map((server) => server.stop()));
    await stopping;
  };
  const [kafka, registry, redis] = settled;
  if (
    kafka.status === 'fulfilled' &&
    registry.status === 'fulfilled' &&
    redis.status === 'fulfilled'
  ) {
    const provided = {
      bootstrap: kafka.value.bootstrap,
      registryUrl: registry.value.url,
      redisUrl: redis.value.url,
    };
    return { provided, stop };
  }
  await stop();
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const broken = errors.find((error) => !isHoldfastError(error, 'service_missing'));
  if (broken !== undefined) {
    throw broken;
  }
  const missing = [...new Set(errors.map((error: Error) => error.message))].join('; ');
  return { provided: { missing }, stop: async () => {} };
};

export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  globalThis.holdfastServices ??= startAll();
  const { provided, stop } = await globalThis.holdfastServices;
  project.provide('services', provided);
  return stop;
};
