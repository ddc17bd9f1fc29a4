/**
 * The door of the fold: a record that was read is checked against the limits of SEMANTICS.md and
 * turned into what a chain can take. A record is admitted whole or rejected whole.
 */

import { annualise, billingCounts, statusCounts } from './annualise.ts';
import type { Placeable } from './chain.ts';
import { DAY_MS } from './civil-date.ts';
import type { Line, Profile } from './customer.ts';
import { sumLines } from './lines.ts';
import type {
  ChangeRecord,
  CustomerChanged,
  SubscriptionChanged,
  SubscriptionPhase,
} from './records.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import type { Rules } from './rules.ts';
import { type CustomerId, type Instant, minorUnits } from './scalars.ts';

interface AdmittedRecord {
  readonly eventId: string;
  readonly source: string;
  readonly customerId: CustomerId;
  readonly recordedAt: Instant;
}

export interface AdmittedSubscription extends AdmittedRecord {
  readonly kind: 'subscription';
  readonly subscriptionId: string;
  readonly event: Placeable<readonly Line[]>;
}

export interface AdmittedProfile extends AdmittedRecord {
  readonly kind: 'profile';
  readonly event: Placeable<Profile>;
}

export type Admitted = AdmittedSubscription | AdmittedProfile;

/** Last millisecond of the year 9999. */
export const LAST_INSTANT = 253_402_300_799_999;
export const MAX_ID_BYTES = 256;

/**
 * Checks a record and annualises its items. `now` is the as-of of the commit that folds it.
 */
export function admit(rules: Rules, record: ChangeRecord, now: number): Admitted | Rejection {
  const wrong = checkHead(record);
  if (wrong !== null) return wrong;
  const admitted =
    record.type === 'subscription_changed'
      ? admitSubscription(rules, record)
      : admitProfile(record);
  // Last, so that what is wrong by itself is so for the same reason whenever it is read.
  return isRejection(admitted) ? admitted : (aheadOf(record, now) ?? admitted);
}

function admitSubscription(
  rules: Rules,
  record: SubscriptionChanged,
): AdmittedSubscription | Rejection {
  const wrong = badId('subscription_id', record.subscriptionId);
  if (wrong !== null) return wrong;
  const first = countedLines(rules, record, 'items');
  if (isRejection(first)) return first;
  const phases = [{ from: record.effectiveAt, value: first }];
  let before: number = record.effectiveAt;
  for (let index = 0; index < record.scheduled.length; index += 1) {
    const phase = record.scheduled[index] as SubscriptionPhase;
    const path = `scheduled[${index}]`;
    const badAt = badInstant(`${path}.effective_at`, phase.effectiveAt);
    if (badAt !== null) return badAt;
    if (phase.effectiveAt <= before) {
      return reject(
        'bad_schedule',
        `${path}.effective_at ${iso(phase.effectiveAt)}; want an instant after ${iso(before)}`,
      );
    }
    before = phase.effectiveAt;
    const lines = countedLines(rules, phase, `${path}.items`);
    if (isRejection(lines)) return lines;
    phases.push({ from: phase.effectiveAt, value: lines });
  }
  return {
    kind: 'subscription',
    eventId: record.eventId,
    source: record.source,
    customerId: record.customerId,
    recordedAt: record.recordedAt,
    subscriptionId: record.subscriptionId,
    event: { version: record.version, recordedAt: record.recordedAt, phases },
  };
}

const admitProfile = (record: CustomerChanged): AdmittedProfile => ({
  kind: 'profile',
  eventId: record.eventId,
  source: record.source,
  customerId: record.customerId,
  recordedAt: record.recordedAt,
  event: {
    version: record.version,
    recordedAt: record.recordedAt,
    phases: [
      {
        from: record.effectiveAt,
        value: {
          name: record.name?.toWellFormed() ?? null,
          attributes: sortedEntries(record.attributes),
        },
      },
    ],
  },
});

/** Never added to. */
const NO_LINES: Line[] = [];

/** Every item is checked, also one that does not count. */
function countedLines(
  rules: Rules,
  phase: SubscriptionPhase,
  path: string,
): readonly Line[] | Rejection {
  let lines: Line[] = NO_LINES;
  const counts = statusCounts(rules, phase.status);
  for (let index = 0; index < phase.items.length; index += 1) {
    const item = phase.items[index] as SubscriptionPhase['items'][number];
    const itemPath = `${path}[${index}]`;
    const wrong = badId(`${itemPath}.product_id`, item.productId);
    if (wrong !== null) return wrong;
    const arr = annualise(rules, item, itemPath);
    if (typeof arr !== 'number') return arr;
    if (counts && billingCounts(rules, item.billing)) {
      const { productId, quantity } = item;
      const line = { productId, arrMinor: minorUnits(arr), quantity };
      // Nearly all subscriptions have one: a list of one takes the room of one.
      if (lines.length === 0) lines = [line];
      else lines.push(line);
    }
  }
  return sumLines(lines);
}

function checkHead(record: ChangeRecord): Rejection | null {
  const wrong =
    badId('event_id', record.eventId) ??
    badId('customer_id', record.customerId) ??
    (utf8Length(record.source) > MAX_ID_BYTES ? tooLong('source', record.source) : null) ??
    badInstant('recorded_at', record.recordedAt) ??
    badInstant('effective_at', record.effectiveAt);
  if (wrong !== null) return wrong;
  if (!Number.isSafeInteger(record.version)) {
    return reject('bad_number', `version ${record.version}; want a safe integer`);
  }
  return null;
}

function aheadOf({ recordedAt }: ChangeRecord, now: number): Rejection | null {
  if (recordedAt <= now + DAY_MS) return null;
  return reject(
    'bad_instant',
    `recorded_at ${iso(recordedAt)}; want at most a day after now, ${iso(now)}`,
  );
}

function badInstant(field: string, at: number): Rejection | null {
  if (Number.isSafeInteger(at) && at >= 0 && at <= LAST_INSTANT) return null;
  return reject('bad_instant', `${field} ${at}; want an instant in the years 1970 to 9999`);
}

function badId(field: string, id: string): Rejection | null {
  if (id === '') return reject('bad_id', `${field} ""; want an id of 1 to ${MAX_ID_BYTES} bytes`);
  if (!id.isWellFormed()) {
    return reject('bad_id', `${field} ${JSON.stringify(id)}; want text without lone surrogates`);
  }
  // No UTF-16 unit takes more than three bytes.
  if (id.length * 3 <= MAX_ID_BYTES || utf8Length(id) <= MAX_ID_BYTES) return null;
  return tooLong(field, id);
}

const tooLong = (field: string, id: string): Rejection =>
  reject('bad_id', `${field} "${id.slice(0, 40)}..."; want at most ${MAX_ID_BYTES} bytes`);

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Attributes by name, so that equal content is equal data; as UTF-8 would carry them. */
const sortedEntries = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes)
      .map(([name, value]) => [name.toWellFormed(), value.toWellFormed()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const iso = (at: number): string => new Date(at).toISOString();
