import { describe, expect, it } from 'vitest';
import type { Customer } from './customer.ts';
import { CUSTOMER_FORMAT, decodeCustomer, encodeCustomer } from './customer-state.ts';
import { isHoldfastError } from './errors.ts';
import { liveRules, tell } from './fold-fixtures.ts';
import type { ChangeRecord } from './records.ts';
import { at, item, profile, subscription } from './report-fixtures.ts';
import { instant } from './scalars.ts';

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

const roundTrip = (one: Customer): Customer => decodeCustomer(one.id, encodeCustomer(one));

describe('a stored customer', () => {
  it('is read back as it was', () => {
    expect(customer.announced).toHaveLength(2);
    expect(customer.firstPaidAt).toBe(at('2019-01-01'));
    expect(roundTrip(customer)).toEqual(customer);
  });

  it('is one short line that never changes its form', () => {
    expect(encodeCustomer(customer)).toBe(
      '[1,1754006400000,1546300800000,' +
        '[["","s",[1577836800000,1577836800000,1577836800000,[]],' +
        '[1735689600000,1735689600000,1735689600000,[["core",100,3],["reports",20,1]]],' +
        '[1756684800000,1735689600000,1735689600000,[]]],' +
        '["crm","t",[1738368000000,1738368000000,1738368000000,[["core",5,1]]]]],' +
        '[["",[1735689600000,1735689600000,1735689600000,["Acme",["owner","Kim","segment","smb"]]],' +
        '[1754006400000,1754006400000,1754006400000,[null,["segment","mid"]]]]],' +
        '[[0,1754006400000,"p2","",5,1754006400000],[1,1756684800000,"e4","crm",3,1738368000000]]]',
    );
  });

  it('leaves out what it has none of', () => {
    const one = tell(rules, [subscription('a', '2025-01-01', 5)], NOW).customer;
    expect(encodeCustomer(one)).toBe(
      '[1,1735689600000,null,[["","s",[1735689600000,1735689600000,1735689600000,[["core",5,1]]]]]]',
    );
    expect(roundTrip(one)).toEqual(one);
    const named = tell(rules, [profile('a', '2025-01-01', {})], NOW).customer;
    expect(encodeCustomer(named)).toBe(
      '[1,1735689600000,null,[],[["",[1735689600000,1735689600000,1735689600000,[null,[]]]]]]',
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
    const error = errorOf(`[${CUSTOMER_FORMAT + 1},{"anything":"else"}]`);
    expect([error.code, error.message]).toEqual([
      'format_newer',
      'the stored state was written by a newer version: customer acme has format 2',
    ]);
  });

  it.each([
    ['[0,1,null,[]]', 'customer acme has format 0'],
    ['[]', 'customer acme has format undefined'],
    ['["1"]', 'customer acme has format 1'],
    ['{"format":1}', 'customer acme holds no array'],
    ['null', 'customer acme holds no array'],
    ['', 'customer acme holds no JSON'],
    ['[1,2', 'customer acme holds no JSON'],
    ['[1,1735689600000]', 'customer acme holds something else'],
    ['[1,1735689600000,null,[["","s",[1,2,3]]]]', 'customer acme holds something else'],
    ['[1,1735689600000,null,[],[[""," "]]]', 'customer acme holds something else'],
  ])('is corrupt: %s', (text, message) => {
    const error = errorOf(text);
    expect(error.code).toBe('store_corrupt');
    expect(error.message).toContain(message);
  });

  it('says what stood in the way', () => {
    expect(errorOf('[1,').cause).toBeInstanceOf(SyntaxError);
    expect(errorOf('[1,2]').cause).toBeInstanceOf(TypeError);
  });

  it('is not called corrupt where its ARR is too large', () => {
    const line = '["core",9007199254740992,1]';
    expect(errorOf(`[1,1,null,[["","s",[1,1,1,[${line}]]]]]`).code).toBe('arr_overflow');
  });
});
