import { describe, expect, it } from 'vitest';
import { admit, LAST_INSTANT } from './admit.ts';
import { liveRules } from './fold-fixtures.ts';
import type { ChangeRecord, SubscriptionChanged } from './records.ts';
import { isRejection } from './rejection.ts';
import { at, item, profile, subscription } from './report-fixtures.ts';
import { customerId, instant } from './scalars.ts';

const rules = liveRules({ rates: { EUR: '1.10' } });
const NOW = at('2026-06-15T12:00:00Z');
const DAY = 86_400_000;

const GOOD = subscription('acme', '2026-06-01', 100, { eventId: 'e1' }) as SubscriptionChanged;
const phase = (on: string | number) => ({
  effectiveAt: instant(typeof on === 'string' ? at(on) : on),
  status: 'active' as const,
  items: [item(50)],
});

const refusal = (fields: Partial<SubscriptionChanged>) => admit(rules, { ...GOOD, ...fields }, NOW);
const ofProfile = (fields: Partial<ChangeRecord>) =>
  admit(rules, { ...profile('acme', '2026-06-01', {}), ...fields } as ChangeRecord, NOW);

const refused = (rejected: string, message: string) => ({ rejected, message });

describe('an admitted subscription', () => {
  it('has a phase for itself and each one scheduled, with the lines that count', () => {
    const scheduled = [
      { ...phase('2026-07-01'), status: 'trialing' as const },
      { ...phase('2026-08-01'), items: [item(30, 'b'), item(20, 'a', 3), item(4, 'b', 2)] },
    ];
    expect(admit(rules, { ...GOOD, source: 'crm', version: 7, scheduled }, NOW)).toEqual({
      kind: 'subscription',
      eventId: 'e1',
      source: 'crm',
      customerId: 'acme',
      recordedAt: GOOD.recordedAt,
      subscriptionId: 's',
      event: {
        version: 7,
        recordedAt: GOOD.recordedAt,
        phases: [
          { from: at('2026-06-01'), value: [{ productId: 'core', arrMinor: 100, quantity: 1 }] },
          { from: at('2026-07-01'), value: [] },
          {
            from: at('2026-08-01'),
            value: [
              { productId: 'a', arrMinor: 20, quantity: 3 },
              { productId: 'b', arrMinor: 34, quantity: 3 },
            ],
          },
        ],
      },
    });
  });

  it('leaves out items that are billed otherwise, but checks them', () => {
    const usage = { ...item(9, 'calls'), billing: 'usage' as const };
    const once = { ...item(9, 'setup'), billing: 'one_time' as const };
    expect(refusal({ items: [usage, item(5), once] })).toMatchObject({
      event: { phases: [{ value: [{ productId: 'core', arrMinor: 5 }] }] },
    });
    expect(refusal({ items: [item(5), { ...once, quantity: 0 }] })).toMatchObject(
      refused('bad_number', 'items[1].quantity 0; want an integer from 1 to 10^12'),
    );
  });

  it('checks the items of a status that does not count, too', () => {
    expect(refusal({ status: 'ended', items: [{ ...item(5), currency: 'CHF' }] })).toEqual(
      refused('no_rate', 'items[0].currency "CHF"; want a currency with a rate in the policy'),
    );
  });
});

describe('an admitted profile', () => {
  it('has one phase with the name and the attributes by name', () => {
    const attributes = JSON.parse('{"plan":"pro","__proto__":"x","area":"eu"}');
    const record = { ...profile('acme', '2026-06-01', attributes, 'Acme'), source: 'crm' };
    const taken = admit(rules, record, NOW);
    expect(taken).toEqual({
      kind: 'profile',
      eventId: 'acme/profile/2026-06-01',
      source: 'crm',
      customerId: 'acme',
      recordedAt: at('2026-06-01'),
      event: {
        version: at('2026-06-01'),
        recordedAt: at('2026-06-01'),
        phases: [{ from: at('2026-06-01'), value: { name: 'Acme', attributes } }],
      },
    });
    if (isRejection(taken) || taken.kind !== 'profile') throw new Error('not a profile');
    const [first] = taken.event.phases;
    expect(Object.keys(first?.value.attributes ?? {})).toEqual(['__proto__', 'area', 'plan']);
  });
});

describe('a record is refused', () => {
  const LONG = 'x'.repeat(257);
  const cut = `${'x'.repeat(40)}...`;

  it.each([
    [{ eventId: '' }, 'event_id ""; want an id of 1 to 256 bytes'],
    [{ eventId: LONG }, `event_id "${cut}"; want at most 256 bytes`],
    [{ customerId: customerId('') }, 'customer_id ""; want an id of 1 to 256 bytes'],
    [{ customerId: customerId(LONG) }, `customer_id "${cut}"; want at most 256 bytes`],
    [{ source: LONG }, `source "${cut}"; want at most 256 bytes`],
    [{ subscriptionId: '' }, 'subscription_id ""; want an id of 1 to 256 bytes'],
    [{ subscriptionId: LONG }, `subscription_id "${cut}"; want at most 256 bytes`],
    [{ eventId: 'e\ud800' }, 'event_id "e\\ud800"; want text without lone surrogates'],
    [{ items: [item(1), item(1, '')] }, 'items[1].product_id ""; want an id of 1 to 256 bytes'],
    [
      { scheduled: [phase('2026-07-01'), { ...phase('2026-08-01'), items: [item(1, LONG)] }] },
      `scheduled[1].items[0].product_id "${cut}"; want at most 256 bytes`,
    ],
  ])('as bad_id: %o', (fields, message) => {
    expect(refusal(fields)).toEqual(refused('bad_id', message));
  });

  it.each([
    ['U+007F', '\x7f', 1],
    ['U+0080', '\x80', 2],
    ['U+07FF', '\u07ff', 2],
    ['U+0800', '\u0800', 3],
    ['U+FFFF', '\uffff', 3],
    ['U+10000', '\u{10000}', 4],
  ])('not for an id of 256 bytes, but for one of more, as UTF-8 has %s', (_, character, bytes) => {
    const longest = 'x'.repeat(256 % bytes) + character.repeat(256 / bytes);
    for (const field of ['eventId', 'customerId', 'subscriptionId', 'source'] as const) {
      expect(refusal({ [field]: longest })).toMatchObject({ kind: 'subscription' });
      expect(refusal({ [field]: `${longest}x` })).toMatchObject({ rejected: 'bad_id' });
    }
  });

  it('not for an empty source, nor for an empty name', () => {
    expect(refusal({ source: '' })).toMatchObject({ kind: 'subscription' });
    expect(ofProfile({ name: '' })).toMatchObject({ kind: 'profile' });
  });

  it.each([
    [{ recordedAt: instant(-1) }, 'recorded_at -1; want an instant in the years 1970 to 9999'],
    [{ effectiveAt: instant(-1) }, 'effective_at -1; want an instant in the years 1970 to 9999'],
    [
      { effectiveAt: instant(LAST_INSTANT + 1) },
      'effective_at 253402300800000; want an instant in the years 1970 to 9999',
    ],
    [{ effectiveAt: instant(0.5) }, 'effective_at 0.5; want an instant in the years 1970 to 9999'],
    [
      { recordedAt: instant(NOW + DAY + 1) },
      'recorded_at 2026-06-16T12:00:00.001Z; want at most a day after now, 2026-06-15T12:00:00.000Z',
    ],
    [
      { scheduled: [phase('2026-07-01'), phase(LAST_INSTANT + 1)] },
      'scheduled[1].effective_at 253402300800000; want an instant in the years 1970 to 9999',
    ],
  ])('as bad_instant: %o', (fields, message) => {
    expect(refusal(fields)).toEqual(refused('bad_instant', message));
  });

  it('not as ahead of now where it is wrong by itself, for that is so whenever it is read', () => {
    const ahead = { recordedAt: instant(NOW + DAY + 1) };
    expect(refusal({ ...ahead, subscriptionId: '' })).toMatchObject({ rejected: 'bad_id' });
    expect(
      refusal({ ...ahead, scheduled: [phase('2026-07-01'), phase('2026-07-01')] }),
    ).toMatchObject({ rejected: 'bad_schedule' });
  });

  it('not for the first and the last instant there are, nor a day ahead of now', () => {
    expect(refusal({ effectiveAt: instant(0), recordedAt: instant(0) })).toMatchObject({
      kind: 'subscription',
    });
    expect(ofProfile({ effectiveAt: instant(LAST_INSTANT) })).toMatchObject({ kind: 'profile' });
    expect(refusal({ recordedAt: instant(NOW + DAY) })).toMatchObject({ kind: 'subscription' });
    expect(new Date(LAST_INSTANT).toISOString()).toBe('9999-12-31T23:59:59.999Z');
  });

  it('as bad_number for a version that is no safe integer', () => {
    expect(refusal({ version: 2 ** 53 })).toEqual(
      refused('bad_number', 'version 9007199254740992; want a safe integer'),
    );
    expect(refusal({ version: -(2 ** 53) + 1 })).toMatchObject({ kind: 'subscription' });
  });

  it('as bad_schedule for phases that do not rise, each held against the one before', () => {
    const [july, june] = ['2026-07-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z'];
    expect(refusal({ scheduled: [phase('2026-06-01')] })).toEqual(
      refused('bad_schedule', `scheduled[0].effective_at ${june}; want an instant after ${june}`),
    );
    expect(refusal({ scheduled: [phase('2026-07-01'), phase('2026-07-01')] })).toEqual(
      refused('bad_schedule', `scheduled[1].effective_at ${july}; want an instant after ${july}`),
    );
    const rising = [phase(at('2026-06-01') + 1), phase(at('2026-06-01') + 2)];
    expect(refusal({ scheduled: rising })).toMatchObject({ kind: 'subscription' });
  });

  it('for an item of a later phase with the path of that item', () => {
    const later = { ...phase('2026-08-01'), items: [item(1), { ...item(1), currency: 'ZZZ' }] };
    expect(refusal({ scheduled: [phase('2026-07-01'), later] })).toEqual(
      refused('unknown_currency', 'scheduled[1].items[1].currency "ZZZ"; want a code of ISO 4217'),
    );
  });

  it('also when it says who the customer is', () => {
    expect(ofProfile({ eventId: '' })).toMatchObject({ rejected: 'bad_id' });
    expect(ofProfile({ recordedAt: instant(NOW + DAY + 1) })).toMatchObject({
      rejected: 'bad_instant',
    });
  });
});
