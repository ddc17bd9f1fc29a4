/**
 * Kafka, the registry and Redis for `.int` and `.e2e` tests. They are started once for a whole run
 * and shared by its tests, so each takes names of its own from `uniqueName` and never empties or
 * stops a shared server; a test that must do so starts its own (launchers/).
 */

import { randomBytes } from 'node:crypto';
import { describe, inject, test } from 'vitest';

export interface Services {
  /** Kafka's bootstrap addresses, separated by commas. */
  readonly bootstrap: string;
  /** Base of the registry's Confluent API. */
  readonly registryUrl: string;
  readonly redisUrl: string;
}

/** What the global setup tells the tests. */
export type ProvidedServices = Services | { readonly missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    services: ProvidedServices;
  }
}

/** A name for a topic, group or key prefix that no other test of any run has. */
export const uniqueName = (prefix: string): string => `${prefix}-${randomBytes(6).toString('hex')}`;

/**
 * As `describe`, with services. `body` takes them by calling its argument inside a test or a hook.
 * Where they can't be had its tests are skipped; with CI=true one fails as well, and says why.
 */
export const describeWithServices = (
  name: string,
  body: (services: () => Services) => void,
): void => {
  const provided = inject('services');
  if (!('missing' in provided)) {
    describe(name, () => body(() => provided));
    return;
  }
  const refuse = (): never => {
    throw new Error(provided.missing);
  };
  describe.skip(name, () => body(refuse));
  if (process.env.CI === 'true') {
    test(`${name}: has its services`, refuse);
  }
};
