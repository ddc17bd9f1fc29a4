/**
 * Single lines at the borders of what is accepted: bad ones with the one reason that fits, and
 * lines just inside the borders, which must pass. Every bad line has exactly one fault, so that no
 * order of checks is asked for.
 */

import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { RejectionReason } from '@holdfast/domain/rejection.ts';
import * as fc from 'fast-check';
import { DAY } from './moments.ts';

export interface Line {
  readonly text: string;
  /** The record key that it came with. */
  readonly key: string | null;
  /** What is wrong, in words; for messages of tests. */
  readonly fault: string;
  /** Null: it is to be accepted. */
  readonly reason: RejectionReason | null;
}

/** What the lines are held against: dollars, a rate for euros and yen only. */
export const LINE_POLICY: Policy = { ...DEFAULT_POLICY, rates: { EUR: '1.10', JPY: '0.0066' } };
/** The machine's clock while the lines arrive, UTC ms. */
export const LINE_NOW = Date.UTC(2026, 5, 15, 12);

type Json = Readonly<Record<string, unknown>>;

const ITEM: Json = {
  product_id: 'core',
  quantity: 3,
  amount_minor: 1_000,
  currency: 'EUR',
  interval: 'month',
  interval_count: 1,
  billing: 'recurring',
};

const PHASE: Json = { effective_at: '2026-09-01T00:00:00Z', status: 'active', items: [ITEM] };

const HEAD: Json = {
  event_id: 'e1',
  source: 'billing',
  customer_id: 'a',
  version: 4,
  recorded_at: '2026-06-15T11:00:00Z',
  effective_at: '2026-06-01T00:00:00Z',
};

const SUBSCRIPTION: Json = {
  type: 'subscription_changed',
  ...HEAD,
  subscription_id: 's1',
  status: 'active',
  items: [ITEM],
  scheduled: [PHASE],
};

const CUSTOMER: Json = {
  type: 'customer_changed',
  ...HEAD,
  name: 'Fjord',
  attributes: { segment: 'smb' },
};

/** Puts fields of an item wherever an item may stand. */
const PLACES: readonly ((item: Json) => Json)[] = [
  (item) => ({ items: [{ ...ITEM, ...item }] }),
  (item) => ({ items: [ITEM, { ...ITEM, ...item }] }),
  (item) => ({ items: [{ ...ITEM, billing: 'one_time', ...item }] }),
  (item) => ({ scheduled: [{ ...PHASE, items: [{ ...ITEM, ...item }] }] }),
  (item) => ({ scheduled: [{ ...PHASE, status: 'ended', items: [{ ...ITEM, ...item }] }] }),
];

/** In a one-time item an ARR is of no meaning; only amounts that are wrong in themselves go there. */
const COUNTED_PLACES = PLACES.slice(0, 2);

const keyOf = (json: Json): string => String(json.customer_id);

const line = (json: Json, reason: RejectionReason | null, fault: string): Line => ({
  text: JSON.stringify(json),
  key: keyOf(json),
  fault,
  reason,
});

const subscription = (fields: Json, reason: RejectionReason | null): Line =>
  line({ ...SUBSCRIPTION, ...fields }, reason, JSON.stringify(fields));

const customer = (fields: Json, reason: RejectionReason | null): Line =>
  line({ ...CUSTOMER, ...fields }, reason, JSON.stringify(fields));

const both = (fields: Json, reason: RejectionReason | null): Line[] => [
  subscription(fields, reason),
  customer(fields, reason),
];

const items = (fields: readonly Json[], reason: RejectionReason | null, places = PLACES): Line[] =>
  fields.flatMap((item) => places.map((place) => subscription(place(item), reason)));

const iso = (t: number): string => new Date(t).toISOString();

/** 257 bytes; 129 letters of two bytes each; and just inside. */
const LONG_IDS = ['x'.repeat(257), 'é'.repeat(129)];
const LONGEST_IDS = ['x'.repeat(256), 'é'.repeat(128)];

const without = (json: Json, field: string): Line => {
  const left = Object.fromEntries(Object.entries(json).filter(([name]) => name !== field));
  return { ...line(left, 'malformed', `no ${field}`), key: 'a' };
};

const REQUIRED = ['event_id', 'customer_id', 'version', 'recorded_at', 'effective_at', 'type'];

const keyed = (key: string | null): Line => ({
  ...line(SUBSCRIPTION, 'key_mismatch', `key ${key}`),
  key,
});

const raw = (text: string): Line => ({ text, key: 'a', fault: text, reason: 'malformed' });

export const BAD_LINES: readonly Line[] = [
  ...items(
    [
      { amount_minor: -1 },
      { amount_minor: 10 ** 12 + 1, interval: 'year' },
      { quantity: 0 },
      { quantity: -3 },
      { interval_count: 0 },
    ],
    'bad_number',
  ),
  ...items(
    [
      { amount_minor: 10 ** 12, interval: 'day', currency: 'USD' },
      { amount_minor: 833_333_333_334, interval: 'month', currency: 'USD' },
    ],
    'bad_number',
    COUNTED_PLACES,
  ),
  ...items([{ currency: 'ZZZ' }, { currency: 'US' }, { currency: '' }], 'unknown_currency'),
  ...items([{ currency: 'CHF' }, { currency: 'KWD' }], 'no_rate'),
  ...items([{ interval: 'quarter' }, { interval: 'unknown' }], 'unknown_symbol'),
  ...items([{ billing: 'metered' }, { billing: 'unknown' }], 'unknown_symbol', COUNTED_PLACES),
  subscription({ status: 'frozen' }, 'unknown_symbol'),
  subscription({ status: 'unknown' }, 'unknown_symbol'),
  subscription({ scheduled: [{ ...PHASE, status: 'frozen' }] }, 'unknown_symbol'),
  subscription({ scheduled: [{ ...PHASE, effective_at: HEAD.effective_at }] }, 'bad_schedule'),
  subscription(
    { scheduled: [{ ...PHASE, effective_at: '2026-05-31T23:59:59.999Z' }] },
    'bad_schedule',
  ),
  subscription({ scheduled: [PHASE, PHASE] }, 'bad_schedule'),
  subscription(
    { scheduled: [PHASE, { ...PHASE, effective_at: '2026-08-31T23:59:59.999Z' }] },
    'bad_schedule',
  ),
  ...['', ...LONG_IDS].flatMap((id) => [
    ...both({ event_id: id }, 'bad_id'),
    ...both({ customer_id: id }, 'bad_id'),
    subscription({ subscription_id: id }, 'bad_id'),
  ]),
  ...items(
    ['', ...LONG_IDS].map((id) => ({ product_id: id })),
    'bad_id',
  ),
  keyed('b'),
  keyed(''),
  keyed('A'),
  keyed(null),
  ...both({ effective_at: '1969-12-31T23:59:59.999Z' }, 'bad_instant'),
  ...both({ recorded_at: '1969-12-31T23:59:59.999Z' }, 'bad_instant'),
  ...both({ recorded_at: iso(LINE_NOW + DAY + 1) }, 'bad_instant'),
  ...REQUIRED.flatMap((field) => [without(SUBSCRIPTION, field), without(CUSTOMER, field)]),
  ...['subscription_id', 'status', 'items'].map((field) => without(SUBSCRIPTION, field)),
  without(CUSTOMER, 'attributes'),
  ...both({ type: 'invoice_paid' }, 'malformed'),
  ...both({ effective_at: '2026-02-30T00:00:00Z' }, 'malformed'),
  ...both({ effective_at: '2026-06-01T00:00:00' }, 'malformed'),
  ...both({ recorded_at: 'yesterday' }, 'malformed'),
  customer({ attributes: { segment: 7 } }, 'malformed'),
  subscription({ items: ITEM }, 'malformed'),
  subscription({ items: [{ ...ITEM, amount_minor: '1000' }] }, 'malformed'),
  raw('{"type":"subscription_changed"'),
  raw('[]'),
  raw('null'),
  raw('not JSON'),
];

export const GOOD_LINES: readonly Line[] = [
  ...items(
    [
      { amount_minor: 0 },
      { amount_minor: 10 ** 12, interval: 'year', currency: 'USD' },
      { amount_minor: 833_333_333_333, interval: 'month', currency: 'USD' },
      { quantity: 1 },
      { currency: 'JPY' },
    ],
    null,
  ),
  ...LONGEST_IDS.flatMap((id) => [
    ...both({ event_id: id }, null),
    ...both({ customer_id: id }, null),
    subscription({ subscription_id: id }, null),
  ]),
  ...both({ effective_at: '1970-01-01T00:00:00Z' }, null),
  customer({ effective_at: '9999-12-31T23:59:59.999Z' }, null),
  ...both({ recorded_at: iso(LINE_NOW + DAY) }, null),
  ...both({ effective_at: '2026-06-01T05:45:00.123999+05:45' }, null),
  ...both({ source: '' }, null),
  subscription({ scheduled: [] }, null),
  subscription({ items: [], status: 'ended' }, null),
  subscription(
    { scheduled: [{ ...PHASE, effective_at: '2026-06-01T00:00:00.001Z' }, PHASE] },
    null,
  ),
  customer({ name: null, attributes: {} }, null),
];

export const badLineArbitrary: fc.Arbitrary<Line> = fc.constantFrom(...BAD_LINES);
