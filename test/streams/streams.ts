/**
 * Hostile event streams: short, valid (nothing in them would be dead-lettered) and as awkward as
 * the rules allow. A stream is drawn as a list of small intents and built from them in order, so
 * that a failing one shrinks to few events on plain days.
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import type { ChangeRecord } from '@holdfast/domain/records.ts';
import * as fc from 'fast-check';
import type { ArrivedRecord } from '../reference/customer.ts';
import { type Building, recordsOf } from './events.ts';
import { type Intent, intentArbitrary } from './intents.ts';
import { type World, worldArbitrary } from './policies.ts';

export interface Stream {
  readonly policy: Policy;
  /** In the order of arrival, offsets 0, 1, 2, ... */
  readonly arrived: readonly ArrivedRecord[];
  /** Every instant that the stream names, in the order of naming. */
  readonly mentioned: readonly number[];
}

const instantsOf = (record: ChangeRecord): number[] => [
  record.recordedAt,
  ...(record.type === 'subscription_changed' ? record.scheduled : []).map((p) => p.effectiveAt),
  record.effectiveAt,
];

const follow = (building: Building, intent: Intent): Building => {
  const moved = {
    ...building,
    timeline: { ...building.timeline, position: building.timeline.position + intent.ahead },
  };
  const made = recordsOf(moved, intent);
  return {
    ...moved,
    records: [...moved.records, ...made],
    timeline: {
      ...moved.timeline,
      mentioned: [...moved.timeline.mentioned, ...made.flatMap(instantsOf)],
    },
  };
};

const build = (world: World, intents: readonly Intent[]): Stream => {
  const { scene, policy } = world;
  // Six months into the scene, so that the past has anchors too.
  const timeline = { scene, windows: policy.windows, position: 30, mentioned: [] };
  const start: Building = { world, records: [], timeline };
  const { records, timeline: end } = intents.reduce(follow, start);
  return {
    policy,
    arrived: records.map((record, offset) => ({ record, offset })),
    mentioned: end.mentioned,
  };
};

/** One to some 25 records of one to three customers. */
export const streamArbitrary: fc.Arbitrary<Stream> = fc
  .tuple(
    worldArbitrary,
    fc.oneof(
      { arbitrary: fc.array(intentArbitrary, { minLength: 1, maxLength: 6 }), weight: 1 },
      {
        arbitrary: fc.array(intentArbitrary, { minLength: 1, maxLength: 20, size: 'max' }),
        weight: 2,
      },
    ),
  )
  .map(([world, intents]) => build(world, intents))
  .filter(({ arrived }) => arrived.length > 0);
