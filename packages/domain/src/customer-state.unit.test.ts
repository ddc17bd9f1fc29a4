import { describe, expect, it } from 'vitest';
import type { Customer } from './customer.ts';
import { CUSTOMER_FORMAT, decodeCustomer, encodeCustomer } from './customer-state.ts';
import { isHoldfastError } from './errors.ts';
import { liveRules, tell } from './fold-fixtures.ts';
import type { ChangeRecord } from './records.ts';
import { at, item, profile, subscription } from './report-fixtures.ts';
import { instant } from './scalars.ts';
import { TextWriter } from './text-writer.ts';

const rules = liveRules({ dimensions: [{ name: 'segment', cap: 50 }] });
const NOW = at('2025-06-01');

const phase = { effectiveAt: instant(at('2025-09-01')), status: 'ended', items: [] } as const;
const RECORDS: readonly ChangeRecord[] = [
  subscription('a', '2019-01-01', [item(10)]),
  subscription('a', '2020-01-01', 0),
  subscription('a', '2025-01-01', [item(100, 'core', 3), item(20, 'reports')], {
    eventId: 'e3',
    scheduled: [phase],
  }),
  // With it the churn to come is a contraction: from 125 to 5.
  { ...subscription('a', '2025-02-01', 5, { id: 't', eventId: 'e4' }), source: 'crm' },
  profile('a', '2025-01-01', { segment: 'smb', owner: 'Kim' }, 'Acme'),
  { ...profile('a', '2025-08-01', { segment: 'mid' }), eventId: 'p2' },
];
const { customer } = tell(rules, RECORDS, NOW);

/** A stored customer of these numbers and texts. */
const stored = (...parts: readonly (number | string)[]): string => {
  const writer = new TextWriter(`${CUSTOMER_FORMAT},`);
  writer.reset();
  for (const part of parts) {
    if (typeof part === 'number') writer.number(part);
    else writer.text(part);
  }
  return writer.take();
};

const roundTrip = (one: Customer): Customer => decodeCustomer(one.id, encodeCustomer(one));

describe('a stored customer', () => {
  it('is read back as it was', () => {
    expect(customer.announced).toHaveLength(2);
    expect(customer.firstPaidAt).toBe(at('2019-01-01'));
    expect(roundTrip(customer)).toEqual(customer);
  });

  it('is read back whatever the number of its products, a product by its place', () => {
    const items = Array.from({ length: 900 }, (_, at) => item(1, `p${at}`));
    const many = [subscription('a', '2025-01-01', items), subscription('a', '2025-03-01', items)];
    const { customer: rich } = tell(rules, many, NOW);
    expect(rich.subscriptions[0]?.chain[1]?.value).toHaveLength(900);
    expect(roundTrip(rich)).toEqual(rich);
  });

  it('is one short text that never changes its form', () => {
    const subscriptions = [
      ...[2, '', 's', 3],
      ...[-176169600000, 1577836800000, 0, 0],
      ...[157852800000, 1735689600000, 0, 2, 0, 'core', 100, 3, 1, 'reports', 20, 1],
      ...[20995200000, 1735689600000, -20995200000, 0],
      ...['crm', 't', 1, -15638400000, 1738368000000, 0, 1, 0, 5, 1],
    ];
    const profiles = [
      ...[1, '', 2, -18316800000, 1735689600000, 0],
      ...[1, 'Acme', 2, 'owner', 'Kim', 'segment', 'smb'],
      ...[18316800000, 1754006400000, 0, 0, 1, 'segment', 'mid'],
    ];
    const announced = [
      ...[2, 0, 0, 'p2', '', 5, 0],
      ...[1, 2678400000, 'e4', 'crm', 3, -15638400000],
    ];
    expect(encodeCustomer(customer)).toBe(
      stored(1754006400000, 1, 207705600000, ...subscriptions, ...profiles, ...announced),
    );
  });

  it('says in one figure what it has none of', () => {
    const one = tell(rules, [subscription('a', '2025-01-01', 5)], NOW).customer;
    expect(encodeCustomer(one)).toBe('3,__}dd~_dB?A?AsA?__}dd~_dB?A?GcoreIA??');
    expect(roundTrip(one)).toEqual(one);
    const named = tell(rules, [profile('a', '2025-01-01', {})], NOW).customer;
    expect(encodeCustomer(named)).toBe(
      stored(1735689600000, 0, 0, 1, '', 1, 0, 1735689600000, 0, 0, 0, 0),
    );
    expect(roundTrip(named)).toEqual(named);
    const coming = tell(rules, [subscription('a', '2025-09-01', 5)], NOW).customer;
    expect(roundTrip(coming)).toEqual(coming);
    expect(coming.announced).toHaveLength(1);
  });

  it.each([
    '__proto__',
    'constructor',
    'a "quoted", [bracketed] one',
    'back\\slash and \u0000 NUL and \n line',
    'ä € 𝄞 \u2028 \u{1F468}\u200D\u{1F469}',
    ' ',
    '0',
  ])('keeps every string as it is: %j', (text) => {
    const attributes = JSON.parse(
      `{${JSON.stringify(text)}:"first","plain":${JSON.stringify(text)}}`,
    );
    const hostile = tell(
      rules,
      [
        {
          ...subscription(text, '2025-01-01', [item(5, text)], { id: text, eventId: text }),
          source: text,
          scheduled: [phase],
        } as ChangeRecord,
        { ...profile(text, '2025-01-01', attributes, text), source: text },
      ],
      NOW,
    ).customer;
    const read = roundTrip(hostile);
    expect(read).toEqual(hostile);
    expect(Object.entries(read.profiles[0]?.chain[0]?.value.attributes ?? {})).toEqual(
      Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    expect(encodeCustomer(read)).toBe(encodeCustomer(hostile));
  });
});

describe('a stored customer that cannot be read', () => {
  const errorOf = (text: string) => {
    try {
      decodeCustomer('acme', text);
    } catch (error) {
      if (isHoldfastError(error)) return error;
      throw error;
    }
    throw new Error('it was read');
  };

  it('is of a newer format, which an older version refuses', () => {
    const error = errorOf(`${CUSTOMER_FORMAT + 7},anything else`);
    expect([error.code, error.message]).toEqual([
      'format_newer',
      'the stored state was written by a newer version: customer acme has format 10',
    ]);
  });

  const HEAD = [1735689600000, 0];
  const ONE = ['', 's', 1, 0, 1735689600000, 0];
  const WHOLE = stored(...HEAD, 1, ...ONE, 1, 0, 'core', 5, 1, 0, 0);

  const CORRUPT: readonly (readonly [what: string, text: string])[] = [
    ['an older format', '2,1735689600000,0,1,0,,1,s,1,0,1735689600000,0,1,0,4,core,5,1,0,0,'],
    ['nothing', ''],
    ['JSON', '[4,1735689600000]'],
    ['a format alone', '3'],
    ['what is below a digit', WHOLE.replace('core', 'core>')],
    ['what is above a digit', WHOLE.replace('core', 'core\u007f')],
    // 2^53: the digit that `core` is followed by, 5, replaced.
    ['a number beyond exact ones', WHOLE.replace('coreI', `core${'_'.repeat(10)}O`)],
    ['a number without an end', `3,${'_'.repeat(300)}?`],
    ['a text longer than the rest', WHOLE.replace('Gcore', 'acore')],
    ['a list longer than the rest', stored(...HEAD, 99, ...ONE, 1, 0, 'core', 5, 1, 0, 0)],
    ['a list of less than none', stored(...HEAD, -1, ...ONE, 1, 0, 'core', 5, 1, 0, 0)],
    ['a product that was never named', stored(...HEAD, 1, ...ONE, 1, 1, 'core', 5, 1, 0, 0)],
    ['more than a customer', `${WHOLE}?`],
    ...Array.from(WHOLE, (_, end) => [`its first ${end}`, WHOLE.slice(0, end)] as const).slice(1),
  ];

  it.each(CORRUPT)('is corrupt: %s', (_, text) => {
    expect(decodeCustomer('acme', WHOLE).subscriptions).toHaveLength(1);
    const error = errorOf(text);
    expect(error.code).toBe('store_corrupt');
    expect(error.message).toContain('customer acme holds something else');
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  it('is not called corrupt where its ARR is too large', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const two = stored(...HEAD, 1, ...ONE, 2, 0, 'core', most, 1, 0, most, 1, 0, 0);
    expect(errorOf(two).code).toBe('arr_overflow');
  });
});
