/**
 * A customer as the store keeps it: one short line of JSON, arrays by position, the format first.
 */

import type { Announcement, Chain, Customer, Line, Profile } from './customer.ts';
import { HoldfastError, isHoldfastError } from './errors.ts';
import { customerId, type Instant, instant, minorUnits, offset } from './scalars.ts';
import { stepsOf } from './steps.ts';

/** Raised when the layout below changes; code refuses a newer one. */
export const CUSTOMER_FORMAT = 1;

type StoredAnnouncement = readonly [
  isMovement: 0 | 1,
  effectiveAt: number,
  eventId: string,
  source: string,
  offset: number,
  knownAt: number,
];
type StoredPhase<Value> = readonly [
  from: number,
  version: number,
  recordedAt: number,
  value: Value,
];
type StoredLine = readonly [productId: string, arrMinor: number, quantity: number];
type StoredProfile = readonly [name: string | null, attributes: readonly string[]];
type StoredCustomer = readonly [
  format: number,
  knownAt: number,
  firstPaidAt: number | null,
  subscriptions: readonly (readonly [string, string, ...StoredPhase<readonly StoredLine[]>[]])[],
  profiles?: readonly (readonly [string, ...StoredPhase<StoredProfile>[]])[],
  announced?: readonly StoredAnnouncement[],
];

/** Written by hand, for every changed customer of every commit passes here. */
export function encodeCustomer(customer: Customer): string {
  const { knownAt, firstPaidAt, profiles, announced } = customer;
  let subscriptions = '';
  for (const { source, subscriptionId, chain } of customer.subscriptions) {
    const names = `${JSON.stringify(source)},${JSON.stringify(subscriptionId)}`;
    subscriptions += `${subscriptions === '' ? '' : ','}[${names}${phasesOf(chain, linesOf)}]`;
  }
  const head = `[${CUSTOMER_FORMAT},${knownAt},${firstPaidAt},[${subscriptions}]`;
  if (profiles.length + announced.length === 0) return `${head}]`;
  const said = profiles.map(
    ({ source, chain }) => `[${JSON.stringify(source)}${phasesOf(chain, profileOf)}]`,
  );
  if (announced.length === 0) return `${head},[${said}]]`;
  return `${head},[${said}],${JSON.stringify(announced.map(storeAnnouncement))}]`;
}

/** Each phase with a comma before it. */
function phasesOf<Value>(chain: Chain<Value>, encode: (value: Value) => string): string {
  let phases = '';
  for (const { from, version, recordedAt, value } of chain) {
    phases += `,[${from},${version},${recordedAt},${encode(value)}]`;
  }
  return phases;
}

function linesOf(lines: readonly Line[]): string {
  let stored = '';
  for (const { productId, arrMinor, quantity } of lines) {
    stored += `${stored === '' ? '' : ','}[${JSON.stringify(productId)},${arrMinor},${quantity}]`;
  }
  return `[${stored}]`;
}

const profileOf = ({ name, attributes }: Profile): string =>
  JSON.stringify([name, Object.entries(attributes).flat()]);

const storeAnnouncement = ({ kind, effectiveAt, cause }: Announcement): StoredAnnouncement => [
  kind === 'movement' ? 1 : 0,
  effectiveAt,
  cause.eventId,
  cause.source,
  cause.offset,
  cause.knownAt,
];

/** Reads a stored customer. Throws `format_newer` or `store_corrupt`. */
export function decodeCustomer(id: string, text: string): Customer {
  const stored = parse(id, text);
  const [format] = stored;
  if (format !== CUSTOMER_FORMAT) {
    const code = format > CUSTOMER_FORMAT ? 'format_newer' : 'store_corrupt';
    throw new HoldfastError(code, `customer ${id} has format ${format}`);
  }
  try {
    return load(id, stored);
  } catch (cause) {
    // Its ARR may be too large, which has an error of its own.
    if (isHoldfastError(cause)) throw cause;
    throw new HoldfastError('store_corrupt', `customer ${id} holds something else`, { cause });
  }
}

function load(id: string, stored: StoredCustomer): Customer {
  const [, knownAt, firstPaidAt, subscriptions, profiles = [], announced = []] = stored;
  const timelines = subscriptions.map(([source, subscriptionId, ...phases]) => ({
    source,
    subscriptionId,
    chain: loadChain(phases, (lines) => lines.map(loadLine)),
  }));
  return {
    id: customerId(id),
    knownAt: knownAt as Instant,
    firstPaidAt: firstPaidAt as Instant | null,
    subscriptions: timelines,
    steps: stepsOf(customerId(id), timelines),
    profiles: profiles.map(([source, ...phases]) => ({
      source,
      chain: loadChain(phases, loadProfile),
    })),
    announced: announced.map(loadAnnouncement),
  };
}

function parse(id: string, text: string): StoredCustomer {
  try {
    const stored: unknown = JSON.parse(text);
    if (Array.isArray(stored)) return stored as unknown as StoredCustomer;
  } catch (cause) {
    throw new HoldfastError('store_corrupt', `customer ${id} holds no JSON`, { cause });
  }
  throw new HoldfastError('store_corrupt', `customer ${id} holds no array`);
}

function loadChain<Stored, Value>(
  phases: readonly StoredPhase<Stored>[],
  load: (stored: Stored) => Value,
): Chain<Value> {
  return phases.map(([from, version, recordedAt, value]) => ({
    from: from as Instant,
    version,
    recordedAt: recordedAt as Instant,
    value: load(value),
    cause: null,
  }));
}

const loadAnnouncement = (stored: StoredAnnouncement): Announcement => {
  const [isMovement, effectiveAt, eventId, source, at, knownAt] = stored;
  return {
    kind: isMovement === 1 ? 'movement' : 'classification',
    effectiveAt: instant(effectiveAt),
    cause: { eventId, source, offset: offset(at), knownAt: instant(knownAt) },
  };
};

const loadLine = ([productId, arrMinor, quantity]: StoredLine): Line => ({
  productId,
  arrMinor: minorUnits(arrMinor),
  quantity,
});

function loadProfile([name, flat]: StoredProfile): Profile {
  const entries: [string, string][] = [];
  for (let index = 0; index < flat.length; index += 2) {
    entries.push([flat[index] as string, flat[index + 1] as string]);
  }
  return { name, attributes: Object.fromEntries(entries) };
}
