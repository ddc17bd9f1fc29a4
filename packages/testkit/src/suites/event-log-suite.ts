/**
 * The contract of the port `EventLog`, held against every adapter alike. A test here knows nothing
 * of what is behind the port.
 */

import { afterAll, beforeAll, describe } from 'vitest';
import { groupTests } from './event-log-groups.ts';
import type { EventLogHarness } from './event-log-harness.ts';
import { positionTests } from './event-log-positions.ts';
import { readingTests } from './event-log-reading.ts';

export const eventLogSuite = (name: string, makeHarness: () => Promise<EventLogHarness>): void => {
  describe(`event log: ${name}`, () => {
    let harness: EventLogHarness;
    beforeAll(async () => {
      harness = await makeHarness();
    });
    afterAll(() => harness.close());

    readingTests(() => harness);
    positionTests(() => harness);
    groupTests(() => harness);
  });
};
