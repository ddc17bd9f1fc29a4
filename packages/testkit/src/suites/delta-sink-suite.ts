/**
 * The contract of the ports `DeltaSink` and `PartitionOutput`, held against every adapter alike.
 * A test here knows nothing of what is behind the ports.
 */

import { afterAll, beforeAll, describe } from 'vitest';
import { fencingTests } from './delta-sink-fencing.ts';
import type { DeltaSinkHarness } from './delta-sink-harness.ts';
import { publishingTests } from './delta-sink-publishing.ts';
import { readingTests } from './delta-sink-reading.ts';

export const deltaSinkSuite = (
  name: string,
  makeHarness: () => Promise<DeltaSinkHarness>,
): void => {
  describe(`delta sink: ${name}`, () => {
    let harness: DeltaSinkHarness;
    beforeAll(async () => {
      harness = await makeHarness();
    });
    afterAll(() => harness.close());

    publishingTests(() => harness);
    readingTests(() => harness);
    fencingTests(() => harness);
  });
};
