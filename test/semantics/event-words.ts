/**
 * One line of an example's events, in the words of docs/SEMANTICS.md, as a record of a JSON-lines
 * file. Says what the words say and corrects nothing: whether it makes sense is the product's to
 * judge.
 *
 *   2025-03-01  acme/s2  past_due: 10 core for 1,000 USD a month; then 2025-09-01 ended  version 2
 *   2025-03-01  acme     is segment=smb, region=eu                                       source crm
 */

import { currencyExponent } from '@holdfast/domain/currency.ts';
import { minorOf } from './figures.ts';

export interface EventWords {
  /** An instant of words: a date alone is its first instant. */
  readonly instant: (text: string) => string;
}

interface Notes {
  readonly version: number | undefined;
  readonly recorded: string | undefined;
  readonly source: string | undefined;
}

const ITEM =
  /^(?:(?<quantity>\d+) )?(?<product>\S+) (?:for )?(?<amount>-?[\d,.]+) (?<currency>[A-Z]{3})(?<often> .+?)?$/;
const OFTEN = /^ (?:a (?<one>[a-z]+?)|every (?<count>\d+) (?<many>[a-z]+?)s)(?<usage> by usage)?$/;
const STATUS = /^(?<status>[a-z_]+)(?:: (?<items>.*))?$/;

/** `earlier` are the records of the lines above it. */
export function eventOf(
  words: EventWords,
  line: string,
  earlier: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, unknown>> {
  const [from, who, what, noted, ...rest] = line.split(/ {2,}/);
  if (from === undefined || who === undefined || what === undefined || rest.length > 0) {
    throw new Error(`"${line}"; want: from when, customer, what it says, notes, two spaces apart`);
  }
  const notes = notesOf(noted ?? '');
  const [customer, subscription = 's'] = who.split('/');
  const effectiveAt = words.instant(from);
  const attributes = attributesOf(what);
  const subject = {
    type: attributes === null ? 'subscription_changed' : 'customer_changed',
    source: notes.source ?? '',
    customer_id: customer,
    ...(attributes === null ? { subscription_id: subscription } : {}),
  };
  const before = earlier.filter((other) =>
    Object.entries(subject).every(([field, value]) => other[field] === value),
  );
  const head = {
    ...subject,
    event_id: `e${earlier.length + 1}`,
    version: notes.version ?? before.length + 1,
    recorded_at: notes.recorded === undefined ? effectiveAt : words.instant(notes.recorded),
    effective_at: effectiveAt,
  };
  if (attributes !== null) return { ...head, name: null, attributes };
  const [now, ...later] = what.split('; then ');
  return {
    ...head,
    ...phaseOf(now as string),
    scheduled: later.map((phase) => {
      const [at, ...worth] = phase.split(' ');
      return { effective_at: words.instant(at as string), ...phaseOf(worth.join(' ')) };
    }),
  };
}

function notesOf(text: string): Notes {
  const notes = new Map<string, string>();
  for (const note of text === '' ? [] : text.split(', ')) {
    const [name, value, ...rest] = note.split(' ');
    const known = name === 'version' || name === 'recorded' || name === 'source';
    if (!known || value === undefined || rest.length > 0) {
      throw new Error(`note "${note}"; want version N, recorded INSTANT or source NAME`);
    }
    notes.set(name, value);
  }
  const version = notes.get('version');
  return {
    version: version === undefined ? undefined : Number(version),
    recorded: notes.get('recorded'),
    source: notes.get('source'),
  };
}

function attributesOf(what: string): Readonly<Record<string, string>> | null {
  if (!what.startsWith('is ')) return null;
  const pairs = what.slice('is '.length).split(', ');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, value, ...rest] = pair.split('=');
      if (name === undefined || value === undefined || rest.length > 0) {
        throw new Error(`attribute "${pair}"; want name=value`);
      }
      return [name, value];
    }),
  );
}

function phaseOf(text: string): object {
  const { status, items } = STATUS.exec(text)?.groups ?? {};
  if (status === undefined) return { status: 'active', items: text.split(' + ').map(itemOf) };
  return { status, items: items === undefined ? [] : items.split(' + ').map(itemOf) };
}

function itemOf(text: string): object {
  const { quantity, product, amount, currency, often } = ITEM.exec(text)?.groups ?? {};
  if (amount === undefined || currency === undefined || often === undefined) {
    throw new Error(`item "${text}"; want such as: 10 core for 1,000 USD a month`);
  }
  const money = {
    product_id: product,
    quantity: Number(quantity ?? 1),
    amount_minor: minorOf(amount, currencyExponent(currency) ?? 0),
    currency,
  };
  if (often === ' once') return { ...money, interval: 'year', billing: 'one_time' };
  const { one, count, many, usage } = OFTEN.exec(often)?.groups ?? {};
  const interval = one ?? many;
  if (interval === undefined) throw new Error(`item "${text}"; want a month, every 3 years, once`);
  return {
    ...money,
    interval,
    interval_count: Number(count ?? 1),
    billing: usage === undefined ? 'recurring' : 'usage',
  };
}
