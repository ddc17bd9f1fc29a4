/** A check that can't fail proves nothing: each bug planted on purpose is caught within a few schedules. */

import { runSchedule } from '@holdfast/testkit/faults/schedule.ts';
import { describe, expect, test } from 'vitest';
import { EXPORTER_BUGS } from './plants/exporter.ts';
import { OUTPUT_BUGS } from './plants/output.ts';
import type { PlantedBug } from './plants/planted-bug.ts';
import { STORE_BUGS } from './plants/store.ts';

const MOST_SCHEDULES = 1500;

const BUGS: readonly PlantedBug[] = [...STORE_BUGS, ...OUTPUT_BUGS, ...EXPORTER_BUGS];

describe('a planted bug is caught', () => {
  test.each(BUGS)('$name', async ({ seams }) => {
    for (let seed = 1; seed <= MOST_SCHEDULES; seed += 1) {
      const { failure } = await runSchedule(seed, seams);
      if (failure === null) continue;
      console.log(`schedule ${seed}: ${failure.split('\n')[0]}`);
      return;
    }
    expect.unreachable(`${MOST_SCHEDULES} schedules found nothing wrong`);
  });
});
