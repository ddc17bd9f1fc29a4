/**
 * Hostile event streams: short, valid (nothing in them would be dead-lettered) and as awkward as
 * the rules allow. A stream is drawn as a list of small intents and built from them in order, so
 * that a failing one shrinks to few events on plain days.
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import type {
  ChangeRecord,
  CustomerChanged,
  SubscriptionChanged,
} from '@holdfast/domain/records.ts';
import { customerId, instant } from '@holdfast/domain/scalars.ts';
import * as fc from 'fast-check';
import type { ArrivedRecord } from '../reference/customer.ts';
import { contentArbitrary, itemsOf, phasesOf, scheduleArbitrary } from './items.ts';
import {
  DAY,
  HOUR,
  momentArbitrary,
  pastArbitrary,
  presentOf,
  resolveMoment,
  type Timeline,
} from './moments.ts';
import { SOURCES, type World, worldArbitrary } from './policies.ts';

export interface Stream {
  readonly policy: Policy;
  /** In the order of arrival, offsets 0, 1, 2, ... */
  readonly arrived: readonly ArrivedRecord[];
  /** Every instant that the stream names, in the order of naming. */
  readonly mentioned: readonly number[];
  /** The zone's instants with teeth, ascending. */
  readonly anchors: readonly number[];
}

/** How much later or earlier than the stream's present a source says it wrote a record. */
const recordedShift = fc.oneof(
  { arbitrary: fc.constant(0), weight: 5 },
  { arbitrary: fc.constantFrom(1, -1, HOUR, -HOUR, -10 * DAY, -100 * DAY), weight: 3 },
  { arbitrary: fc.constantFrom(-500 * DAY, DAY), weight: 1 },
);

const attributesArbitrary = fc.array(
  fc.tuple(
    fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, fc.nat(2)),
    fc.constantFrom('smb', 'enterprise', '', 'unknown', 'other'),
  ),
  { maxLength: 3, size: 'max' },
);

/** How far the stream's present moves on before the intent, in anchors. */
const ahead = fc.oneof({ arbitrary: fc.nat(3), weight: 4 }, { arbitrary: fc.nat(40), weight: 1 });

const subject = {
  ahead,
  customer: fc.nat(2),
  subscription: fc.nat(2),
  source: fc.nat(2),
  recorded: recordedShift,
};

const change = fc.record({
  ...subject,
  kind: fc.constant('change' as const),
  effective: momentArbitrary,
  content: contentArbitrary,
  scheduled: scheduleArbitrary,
});

const classify = fc.record({
  ...subject,
  kind: fc.constant('classify' as const),
  effective: momentArbitrary,
  attributes: attributesArbitrary,
  name: fc.constantFrom(null, 'Fjord', 'Cedar'),
});

/** Everything about an earlier record that a new one of the same subject may say otherwise. */
const earlier = {
  ahead,
  back: fc.nat(8),
  recorded: recordedShift,
  effective: pastArbitrary,
  content: contentArbitrary,
  scheduled: scheduleArbitrary,
  attributes: attributesArbitrary,
};

const again = fc.record({
  ...earlier,
  kind: fc.constantFrom(
    'repeat' as const,
    'correct' as const,
    'late' as const,
    'tie' as const,
    'move_tie' as const,
    'return' as const,
  ),
});

const swap = fc.record({
  ...earlier,
  kind: fc.constant('swap' as const),
  subscription: fc.nat(2),
});

const intentArbitrary = fc.oneof(
  { arbitrary: change, weight: 6 },
  { arbitrary: again, weight: 5 },
  { arbitrary: classify, weight: 3 },
  { arbitrary: swap, weight: 1 },
);

type Intent = typeof intentArbitrary extends fc.Arbitrary<infer Value> ? Value : never;
type Again = Extract<Intent, { readonly back: number }>;

interface Building {
  readonly world: World;
  readonly records: readonly ChangeRecord[];
  readonly timeline: Timeline;
}

const sameSubject = (a: ChangeRecord, b: ChangeRecord): boolean =>
  a.type === b.type &&
  a.customerId === b.customerId &&
  a.source === b.source &&
  (a.type === 'customer_changed' ||
    (b.type === 'subscription_changed' && a.subscriptionId === b.subscriptionId));

/** Versions rise by ten, so that a late one finds room between two. */
const nextVersion = (records: readonly ChangeRecord[], record: ChangeRecord): number =>
  10 + Math.max(0, ...records.filter((other) => sameSubject(other, record)).map((r) => r.version));

const head = ({ world, records, timeline }: Building, intent: Exclude<Intent, Again>) => ({
  eventId: `e${records.length + 1}`,
  source: SOURCES[intent.source]!,
  customerId: customerId(world.names.customers[intent.customer]!),
  version: 0,
  recordedAt: instant(presentOf(timeline) + intent.recorded),
  effectiveAt: instant(resolveMoment(intent.effective, timeline)),
});

const attributesOf = (
  drawn: readonly (readonly [number, string])[],
  { names }: World,
): Readonly<Record<string, string>> =>
  Object.fromEntries(drawn.map(([name, value]) => [names.attributes[name]!, value]));

const changed = (
  building: Building,
  intent: Extract<Intent, { kind: 'change' }>,
): SubscriptionChanged => {
  const { world, timeline } = building;
  const common = head(building, intent);
  return {
    type: 'subscription_changed',
    ...common,
    subscriptionId: world.names.subscriptions[intent.subscription]!,
    status: intent.content.status,
    items: itemsOf(intent.content, world),
    scheduled: phasesOf(intent.scheduled, common.effectiveAt, timeline, world),
  };
};

const classified = (
  building: Building,
  intent: Extract<Intent, { kind: 'classify' }>,
): CustomerChanged => ({
  type: 'customer_changed',
  ...head(building, intent),
  name: intent.name,
  attributes: attributesOf(intent.attributes, building.world),
});

/** The same subject with other content. */
const otherwise = <R extends ChangeRecord>(building: Building, intent: Again, record: R): R => {
  const { world, timeline } = building;
  if (record.type === 'customer_changed') {
    return { ...record, attributes: attributesOf(intent.attributes, world) };
  }
  return {
    ...record,
    status: intent.content.status,
    items: itemsOf(intent.content, world),
    scheduled: phasesOf(intent.scheduled, record.effectiveAt, timeline, world),
  };
};

/** What an intent about an earlier record makes of it. */
const repeated = (building: Building, intent: Again, record: ChangeRecord): ChangeRecord[] => {
  const { records, timeline, world } = building;
  const eventId = `e${records.length + 1}`;
  const now = presentOf(timeline);
  const recordedAt = instant(now + intent.recorded);
  const effectiveAt = instant(resolveMoment(intent.effective, timeline));
  const version = nextVersion(records, record);
  switch (intent.kind) {
    case 'repeat':
      return [record];
    case 'correct':
      return [
        otherwise(building, intent, { ...record, eventId, version, recordedAt, effectiveAt }),
      ];
    case 'late': {
      const older = Math.max(1, record.version - 1 - (intent.back % 2));
      return [
        otherwise(building, intent, {
          ...record,
          eventId,
          version: older,
          recordedAt,
          effectiveAt,
        }),
      ];
    }
    case 'tie':
      return [otherwise(building, intent, { ...record, eventId })];
    case 'move_tie':
      return [otherwise(building, intent, { ...record, eventId, effectiveAt })];
    case 'return':
    case 'swap': {
      if (record.type === 'customer_changed') return [record];
      const end: SubscriptionChanged = {
        ...record,
        eventId,
        version,
        recordedAt,
        effectiveAt: instant(now),
        status: 'ended',
        items: [],
        scheduled: [],
      };
      // A return comes back a month later under the same subscription, a swap at once as another.
      const swapped = intent.kind === 'swap';
      const start: SubscriptionChanged = {
        ...end,
        eventId: `${eventId}b`,
        version: version + 1,
        effectiveAt: instant(swapped ? now : now + 31 * DAY),
        status: 'active',
        items: itemsOf(intent.content, world),
        subscriptionId: swapped
          ? world.names.subscriptions[intent.subscription]!
          : record.subscriptionId,
      };
      return [end, start];
    }
  }
};

const recordsOf = (building: Building, intent: Intent): ChangeRecord[] => {
  if (intent.kind === 'change' || intent.kind === 'classify') {
    const made =
      intent.kind === 'change' ? changed(building, intent) : classified(building, intent);
    return [{ ...made, version: nextVersion(building.records, made) }];
  }
  const { records } = building;
  if (records.length === 0) return [];
  return repeated(building, intent, records[records.length - 1 - (intent.back % records.length)]!);
};

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
    anchors: scene.anchors,
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
