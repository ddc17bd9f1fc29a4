/**
 * A customer as the store keeps it: one short text, for every customer of every event is read and
 * written once. The format in decimals and a comma, then numbers and texts as `text-writer.ts`
 * has them; lists stand behind their number; instants are told from the one before them, products
 * by the place at which the customer first named them.
 *
 *   knownAt, firstPaidAt (0: null; 1, and how long before knownAt)
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
import { TextWriter } from './text-writer.ts';

/** Raised when the layout above changes; code refuses a newer one. */
export const CUSTOMER_FORMAT = 3;
const HEAD = `${CUSTOMER_FORMAT},`;

/** Products by the place at which the customer first named them; as many as were named so far. */
const products = { names: [] as string[], named: 0 };

/** Begun anew by every call. */
const writer = new TextWriter(HEAD);
const reader = new TextReader();

export function encodeCustomer(customer: Customer): string {
  const { knownAt, firstPaidAt, subscriptions, profiles, announced } = customer;
  products.named = 0;
  writer.reset();
  writer.number(knownAt);
  writer.number(firstPaidAt === null ? 0 : 1);
  if (firstPaidAt !== null) writer.number(knownAt - firstPaidAt);
  writer.number(subscriptions.length);
  for (const { source, subscriptionId, chain } of subscriptions) {
    writer.text(source);
    writer.text(subscriptionId);
    writeChain(chain, knownAt, writeLines);
  }
  writer.number(profiles.length);
  for (const { source, chain } of profiles) {
    writer.text(source);
    writeChain(chain, knownAt, writeProfile);
  }
  writer.number(announced.length);
  for (const one of announced) writeAnnouncement(one, knownAt);
  return writer.take();
}

function writeChain<Value>(
  chain: Chain<Value>,
  base: number,
  writeValue: (value: Value) => void,
): void {
  writer.number(chain.length);
  let before = base;
  for (const { from, version, recordedAt, value } of chain) {
    writer.number(from - before);
    writer.number(version);
    writer.number(recordedAt - from);
    writeValue(value);
    before = from;
  }
}

function placeOf(productId: string): number {
  let place = 0;
  while (place < products.named && products.names[place] !== productId) place += 1;
  return place;
}

function nameProduct(productId: string): void {
  products.names[products.named] = productId;
  products.named += 1;
}

function writeLines(lines: readonly Line[]): void {
  writer.number(lines.length);
  for (const { productId, arrMinor, quantity } of lines) {
    const place = placeOf(productId);
    writer.number(place);
    if (place === products.named) {
      nameProduct(productId);
      writer.text(productId);
    }
    writer.number(arrMinor);
    writer.number(quantity);
  }
}

function writeProfile({ name, attributes }: Profile): void {
  writer.number(name === null ? 0 : 1);
  if (name !== null) writer.text(name);
  const entries = Object.entries(attributes);
  writer.number(entries.length);
  for (const [key, value] of entries) {
    writer.text(key);
    writer.text(value);
  }
}

function writeAnnouncement({ kind, effectiveAt, cause }: Announcement, base: number): void {
  writer.number(kind === 'movement' ? 1 : 0);
  writer.number(effectiveAt - base);
  writer.text(cause.eventId);
  writer.text(cause.source);
  writer.number(cause.offset);
  writer.number(cause.knownAt - base);
}

/** Reads a stored customer. Throws `format_newer`, `store_corrupt` or `arr_overflow`. */
export function decodeCustomer(id: string, stored: string): Customer {
  try {
    if (!stored.startsWith(HEAD)) throw otherFormat(id, stored);
    reader.reset(stored, HEAD.length);
    return load(id);
  } catch (cause) {
    // Its ARR may be too large, which has an error of its own.
    if (isHoldfastError(cause)) throw cause;
    throw new HoldfastError('store_corrupt', `customer ${id} holds something else`, { cause });
  }
}

function otherFormat(id: string, stored: string): Error {
  const format = Number(/^(\d+),/.exec(stored)?.[1]);
  return format > CUSTOMER_FORMAT
    ? new HoldfastError('format_newer', `customer ${id} has format ${format}`)
    : new RangeError(`format ${format}`);
}

const NOTHING: readonly Announcement[] = [];

function load(id: string): Customer {
  const knownAt = reader.number();
  const firstPaidAt = reader.number() === 0 ? null : knownAt - reader.number();
  products.named = 0;
  const subscriptions: SubscriptionTimeline[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const source = reader.string();
    const subscriptionId = reader.string();
    const chain = loadChain(knownAt, loadLines);
    subscriptions.push({ source, subscriptionId, chain });
  }
  const profiles: ProfileTimeline[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    const source = reader.string();
    const chain = loadChain(knownAt, loadProfile);
    profiles.push({ source, chain });
  }
  const announced = loadAnnouncements(knownAt);
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

function loadChain<Value>(base: number, loadValue: () => Value): Chain<Value> {
  const chain = new Array<Phase<Value>>(reader.count());
  let from = base;
  for (let index = 0; index < chain.length; index += 1) {
    from += reader.number();
    const version = reader.number();
    const recordedAt = from + reader.number();
    chain[index] = {
      from: from as Instant,
      version,
      recordedAt: recordedAt as Instant,
      value: loadValue(),
      cause: null,
    };
  }
  return chain;
}

function loadLines(): readonly Line[] {
  const lines = new Array<Line>(reader.count());
  for (let index = 0; index < lines.length; index += 1) {
    const place = reader.number();
    if (place === products.named) nameProduct(reader.string());
    if (!(place >= 0 && place < products.named)) {
      throw new RangeError(`product ${place} of ${products.named}`);
    }
    const productId = products.names[place] as string;
    const arrMinor = minorUnits(reader.number());
    lines[index] = { productId, arrMinor, quantity: reader.number() };
  }
  return lines;
}

function loadProfile(): Profile {
  const name = reader.number() === 0 ? null : reader.string();
  const entries: (readonly [string, string])[] = [];
  for (let left = reader.count(); left > 0; left -= 1) {
    entries.push([reader.string(), reader.string()]);
  }
  return { name, attributes: Object.fromEntries(entries) };
}

function loadAnnouncements(base: number): readonly Announcement[] {
  const count = reader.count();
  if (count === 0) return NOTHING;
  return Array.from({ length: count }, () => loadAnnouncement(base));
}

function loadAnnouncement(base: number): Announcement {
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
