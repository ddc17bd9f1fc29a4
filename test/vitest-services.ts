/**
 * Global setup of the tiers that need services: starts them once for the whole run, however many
 * tiers take part, and tells every test where they are or why they can't be had.
 */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { startAll } from '@holdfast/testkit/launchers/all.ts';
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

const start = async (): Promise<Started> => {
  try {
    const { kafka, registry, redis, stop } = await startAll();
    let stopping: Promise<void> | undefined;
    return {
      provided: {
        bootstrap: kafka.bootstrap,
        registryUrl: registry.url,
        redisUrl: redis.url,
      },
      // Each tier asks for it, when the whole run is over.
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    if (!isHoldfastError(error, 'service_missing')) {
      throw error;
    }
    return { provided: { missing: error.message }, stop: async () => {} };
  }
};

export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  globalThis.holdfastServices ??= start();
  const { provided, stop } = await globalThis.holdfastServices;
  project.provide('services', provided);
  return stop;
};
