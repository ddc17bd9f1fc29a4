/**
 * Turns an intent into records, knowing what came before it in the stream. Always valid ones:
 * versions, instants and phases stay within what is accepted.
 */

import type {
  ChangeRecord,
  CustomerChanged,
  SubscriptionChanged,
} from '@holdfast/domain/records.ts';
import { customerId, instant } from '@holdfast/domain/scalars.ts';
import type { Again, Intent } from './intents.ts';
import { itemsOf, phasesOf } from './items.ts';
import { DAY, presentOf, resolveMoment, type Timeline } from './moments.ts';
import { SOURCES, type World } from './policies.ts';

/** A stream half built: what there is, and when it has come to. */
export interface Building {
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

/** The records that an intent becomes; none where it speaks of an earlier one and there is none. */
export const recordsOf = (building: Building, intent: Intent): ChangeRecord[] => {
  if (intent.kind === 'change' || intent.kind === 'classify') {
    const made =
      intent.kind === 'change' ? changed(building, intent) : classified(building, intent);
    return [{ ...made, version: nextVersion(building.records, made) }];
  }
  const { records } = building;
  if (records.length === 0) return [];
  return repeated(building, intent, records[records.length - 1 - (intent.back % records.length)]!);
};
