/**
 * A customer as the store keeps it: one short text, for every customer of every event is read and
 * written once. A comma ends every part; texts stand behind their length, lists behind
 * their number; instants are told from the one before them, products by the place at which the
 * customer first named them.
 *
 *   format, knownAt, firstPaidAt (0: null; 1, and how long before knownAt)
 *   subscriptions: source, id, phases: from, version, recordedAt, lines: product, arr, quantity
 *   profiles: source, phases: from, version, recordedAt, name (0: null), attributes: key, value
 *   announcements: kind, effectiveAt, eventId, source, offset, knownAt
 */

import type {
  Announcement,
  Chain,
  Customer,
  Line,
  Phase,
  Profile,
  ProfileTimeline,
  SubscriptionTimeline,
} from './customer.ts';
import { HoldfastError, isHoldfastError } from './errors.ts';
import { customerId, type Instant, minorUnits, type Offset } from './scalars.ts';
import { stepsOf } from './steps.ts';
import { TextReader } from './text-reader.ts';

/** Raised when the layout above changes; code refuses a newer one. */
export const CUSTOMER_FORMAT = 2;

/** Filled anew by every call: joined at once, the text is one piece and not a tree of them. */
const parts: (string | number)[] = [];

const add = (part: string | number): void => {
  parts[parts.length] = part;
};

function addText(value: string): void {
  add(value.length);
  add(value);
}

export function encodeCustomer(customer: Customer): string {
  const { knownAt, firstPaidAt, subscriptions, profiles, announced } = customer;
  const products: string[] = [];
  parts.length = 0;
  add(CUSTOMER_FORMAT);
  add(knownAt);
  add(firstPaidAt === null ? 0 : 1);
  if (firstPaidAt !== null) add(knownAt - firstPaidAt);
  add(subscriptions.length);
  for (const { source, subscriptionId, chain } of subscriptions) {
    addText(source);
    addText(subscriptionId);
    addChain(chain, knownAt, (lines) => addLines(lines, products));
  }
  add(profiles.length);
  for (const { source, chain } of profiles) {
    addText(source);
    addChain(chain, knownAt, addProfile);
  }
  add(announced.length);
  for (const one of announced) addAnnouncement(one, knownAt);
  add('');
  return parts.join(',');
}

function addChain<Value>(chain: Chain<Value>, base: number, addValue: (value: Value) => void) {
  add(chain.length);
  let before = base;
  for (const { from, version, recordedAt, value } of chain) {
    add(from - before);
    add(version);
    add(recordedAt - from);
    addValue(value);
    before = from;
  }
}

function addLines(lines: readonly Line[], products: string[]): void {
  add(lines.length);
  for (const { productId, arrMinor, quantity } of lines) {
    const known = products.indexOf(productId);
    add(known < 0 ? products.length : known);
    if (known < 0) {
      products.push(productId);
      addText(productId);
    }
    add(arrMinor);
    add(quantity);
  }
}

function addProfile({ name, attributes }: Profile): void {
  add(name === null ? 0 : 1);
  if (name !== null) addText(name);
  const entries = Object.entries(attributes);
  add(entries.length);
  for (const [key, value] of entries) {
    addText(key);
    addText(value);
  }
}

function addAnnouncement({ kind, effectiveAt, cause }: Announcement, base: number): void {
  add(kind === 'movement' ? 1 : 0);
  add(effectiveAt - base);
  addText(cause.eventId);
  addText(cause.source);
  add(cause.offset);
  add(cause.knownAt - base);
}

/** Reads a stored customer. Throws `format_newer`, `store_corrupt` or `arr_overflow`. */
export function decodeCustomer(id: string, stored: string): Customer {
  try {
    const reader = new TextReader(stored);
    const format = reader.number();
    if (format > CUSTOMER_FORMAT) {
      throw new HoldfastError('format_newer', `customer ${id} has format ${format}`);
    }
    if (format < CUSTOMER_FORMAT) throw new RangeError(`format ${format}`);
    return load(id, reader);
  } catch (cause) {
    // Its ARR may be too large, which has an error of its own.
    if (isHoldfastError(cause)) throw cause;
    throw new HoldfastError('store_corrupt', `customer ${id} holds something else`, { cause });
  }
}

function load(id: string, reader: TextReader): Customer {
  const knownAt = reader.number();
  const firstPaidAt = reader.number() === 0 ? null : knownAt - reader.number();
  const products: string[] = [];
  const subscriptions: SubscriptionTimeline[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const source = reader.string();
    const subscriptionId = reader.string();
    const chain: Phase<readonly Line[]>[] = [];
    loadChain(reader, knownAt, chain, products, loadLines);
    subscriptions.push({ source, subscriptionId, chain });
  }
  const profiles: ProfileTimeline[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const source = reader.string();
    const chain: Phase<Profile>[] = [];
    loadChain(reader, knownAt, chain, products, loadProfile);
    profiles.push({ source, chain });
  }
  const announced: Announcement[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    announced.push(loadAnnouncement(reader, knownAt));
  }
  reader.end();
  return {
    id: customerId(id),
    knownAt: knownAt as Instant,
    firstPaidAt: firstPaidAt as Instant | null,
    subscriptions,
    steps: stepsOf(customerId(id), subscriptions),
    profiles,
    announced,
  };
}

function loadChain<Value>(
  reader: TextReader,
  base: number,
  chain: Phase<Value>[],
  products: string[],
  loadValue: (reader: TextReader, products: string[]) => Value,
): void {
  let from = base;
  for (let left = reader.count(); left > 0; left -= 1) {
    from += reader.number();
    const version = reader.number();
    const recordedAt = from + reader.number();
    chain.push({
      from: from as Instant,
      version,
      recordedAt: recordedAt as Instant,
      value: loadValue(reader, products),
      cause: null,
    });
  }
}

function loadLines(reader: TextReader, products: string[]): readonly Line[] {
  const lines: Line[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const place = reader.count();
    if (place === products.length) products.push(reader.string());
    const productId = products[place];
    if (productId === undefined) throw new RangeError(`product ${place} of ${products.length}`);
    lines.push({ productId, arrMinor: minorUnits(reader.number()), quantity: reader.number() });
  }
  return lines;
}

function loadProfile(reader: TextReader): Profile {
  const name = reader.number() === 0 ? null : reader.string();
  const entries: (readonly [string, string])[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    entries.push([reader.string(), reader.string()]);
  }
  return { name, attributes: Object.fromEntries(entries) };
}

function loadAnnouncement(reader: TextReader, base: number): Announcement {
  return {
    kind: reader.number() === 1 ? 'movement' : 'classification',
    effectiveAt: (base + reader.number()) as Instant,
    cause: {
      eventId: reader.string(),
      source: reader.string(),
      offset: reader.number() as Offset,
      knownAt: (base + reader.number()) as Instant,
    },
  };
}
