/**
 * The contract of projection stores: what the ports of `packages/pipeline` say in words, as tests
 * that run over every adapter alike. Knows nothing of how a store keeps what it keeps.
 */

import { afterEach, beforeEach, describe } from 'vitest';
import { claimTests } from './projection-store-claims.ts';
import { commitTests } from './projection-store-commits.ts';
import { customerTests } from './projection-store-customers.ts';
import { dueTests } from './projection-store-due.ts';
import type { MakeHarness, ProjectionStoreHarness } from './projection-store-harness.ts';
import { modelTests } from './projection-store-model.ts';
import { outboxTests } from './projection-store-outbox.ts';

export interface SuiteOptions {
  /** Random lives to try. */
  readonly runs: number;
}

export const projectionStoreSuite = (
  name: string,
  makeHarness: MakeHarness,
  { runs }: SuiteOptions,
): void => {
  describe(`projection store: ${name}`, () => {
    let harness: ProjectionStoreHarness | undefined;
    const present = (): ProjectionStoreHarness => {
      if (harness === undefined) throw new Error('no harness');
      return harness;
    };
    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(async () => {
      await harness?.close();
      harness = undefined;
    });

    describe('claims', () => claimTests(present));
    describe('commits', () => commitTests(present));
    describe('outbox', () => outboxTests(present));
    describe('customers', () => customerTests(present));
    describe('dues', () => dueTests(present));
    modelTests(makeHarness, runs);
  });
};
