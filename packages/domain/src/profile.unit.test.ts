import { describe, expect, it } from 'vitest';
import type { Customer } from './customer.ts';
import { day, liveRules, tell } from './fold-fixtures.ts';
import {
  classificationsUpTo,
  memberOf,
  profileAt,
  profileInstants,
  sameClassification,
} from './profile.ts';
import type { ChangeRecord } from './records.ts';
import { at, profile, subscription } from './report-fixtures.ts';
import { instant } from './scalars.ts';

const dimensions = [
  { name: 'segment', cap: 50 },
  { name: 'region', cap: 50 },
];
const rules = liveRules({ dimensions });
const from = (source: string, record: ChangeRecord): ChangeRecord => ({ ...record, source });
const known = (...records: readonly ChangeRecord[]): Customer => tell(rules, records).customer;

describe('who a customer is at an instant', () => {
  it('is nobody where no source says anything', () => {
    const customer = known(subscription('a', '2025-01-01', 1));
    expect(profileAt(rules, customer, at('2025-02-01'))).toEqual({ name: null, attributes: {} });
    expect(profileInstants(customer)).toEqual([]);
    expect(classificationsUpTo(rules, customer, at('2025-02-01'))).toEqual([]);
  });

  it('is what its source says then, the first word holding before it, too', () => {
    const customer = known(
      profile('a', '2025-02-01', { segment: 'smb' }, 'Acme'),
      profile('a', '2025-03-01', { segment: 'mid' }),
    );
    const segmentAt = (on: string) => profileAt(rules, customer, at(on)).attributes.segment;
    expect(['2024-01-01', '2025-02-01', '2025-02-28', '2025-03-01'].map(segmentAt)).toEqual([
      'smb',
      'smb',
      'smb',
      'mid',
    ]);
    expect(profileAt(rules, customer, at('2025-03-01')).name).toBeNull();
  });

  it('is what all sources say, united; on a clash the higher ranked one wins', () => {
    const records = [
      from('crm', profile('a', '2025-01-01', { segment: 'crm', region: 'crm' }, 'Crm')),
      from('billing', profile('a', '2025-01-01', { segment: 'billing', plan: 'pro' }, 'Billing')),
      from('app', profile('a', '2025-01-01', { segment: 'app', owner: 'Kim' })),
    ];
    const united = (sources: readonly string[]) =>
      profileAt(liveRules({ dimensions, sources }), known(...records), at('2025-02-01'));
    expect(united(['crm', 'billing'])).toEqual({
      name: 'Crm',
      attributes: { owner: 'Kim', plan: 'pro', region: 'crm', segment: 'crm' },
    });
    expect(united(['billing', 'crm'])).toMatchObject({
      name: 'Billing',
      attributes: { segment: 'billing', region: 'crm' },
    });
    // Unlisted sources stand below, by name.
    expect(united(['crm'])).toMatchObject({ name: 'Crm', attributes: { segment: 'crm' } });
    expect(united([])).toMatchObject({ name: 'Billing', attributes: { segment: 'app' } });
    expect(united(['app'])).toMatchObject({ name: 'Billing', attributes: { segment: 'app' } });
    expect(Object.keys(united([]).attributes)).toEqual(['owner', 'plan', 'region', 'segment']);
  });

  it('takes an empty value of the higher ranked source, but not a missing name', () => {
    const records = [
      from('crm', profile('a', '2025-01-01', { segment: '' })),
      from('app', profile('a', '2025-01-01', { segment: 'smb' }, 'App')),
    ];
    const ranked = liveRules({ dimensions, sources: ['crm', 'app'] });
    expect(profileAt(ranked, known(...records), at('2025-02-01'))).toEqual({
      name: 'App',
      attributes: { segment: '' },
    });
  });
});

describe('the member of a dimension', () => {
  it('is the attribute, and unknown where it is missing or empty', () => {
    const of = (attributes: Readonly<Record<string, string>>) =>
      memberOf({ name: null, attributes }, 'segment');
    expect(of({ segment: 'smb' })).toBe('smb');
    expect(of({ segment: '' })).toBe('unknown');
    expect(of({ region: 'eu' })).toBe('unknown');
    expect(of({ segment: ' ' })).toBe(' ');
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'is unknown for %s, which objects have',
    (name) => {
      expect(memberOf({ name: null, attributes: {} }, name)).toBe('unknown');
      const named = JSON.parse(`{"${name}":"x"}`);
      expect(memberOf({ name: null, attributes: named }, name)).toBe('x');
    },
  );
});

describe('the instants of a profile', () => {
  it('are the first word of all, and every later one', () => {
    const customer = known(
      from('crm', profile('a', '2025-03-01', {})),
      from('crm', profile('a', '2025-03-15', {})),
      from('crm', profile('a', '2025-05-01', {})),
      from('app', profile('a', '2025-02-01', {})),
      from('app', profile('a', '2025-04-01', {})),
      from('app', profile('a', '2025-05-01', {})),
    );
    expect(profileInstants(customer).map(day)).toEqual([
      '2025-02-01',
      '2025-03-15',
      '2025-04-01',
      '2025-05-01',
    ]);
  });
});

describe('classifications', () => {
  const customer = known(
    profile('a', '2025-02-01', { segment: 'smb', owner: 'Kim' }, 'Acme'),
    profile('a', '2025-03-01', { segment: 'smb', owner: 'Lee' }, 'Acme'),
    profile('a', '2025-04-01', { segment: 'smb', region: 'eu', owner: 'Lee' }, 'Acme'),
    profile('a', '2025-05-01', { segment: 'smb', region: 'eu' }, 'Acme Inc'),
    profile('a', '2025-06-01', { segment: 'smb', region: 'eu' }),
  );
  const upTo = (on: string): readonly string[] =>
    classificationsUpTo(rules, customer, at(on)).map(
      ({ effectiveAt, name, attributes }) =>
        `${day(effectiveAt)} ${name} ${Object.values(attributes).join(' ')}`,
    );

  it('are one for each change of the name or of an attribute that is a dimension', () => {
    expect(upTo('2026-01-01')).toEqual([
      '2025-02-01 Acme Kim smb',
      '2025-04-01 Acme Lee eu smb',
      '2025-05-01 Acme Inc eu smb',
      '2025-06-01 null eu smb',
    ]);
  });

  it('are known when their time has come, the first at once', () => {
    expect(upTo('2020-01-01')).toEqual(['2025-02-01 Acme Kim smb']);
    expect(upTo('2025-04-30')).toHaveLength(2);
    expect(upTo('2025-05-01')).toHaveLength(3);
  });

  it('of an instant are the same if name and members are, whatever else is said', () => {
    const one = {
      effectiveAt: instant(1),
      name: 'Acme',
      attributes: { segment: 'smb', owner: 'Kim' },
    };
    const same = (fields: object) => sameClassification(rules, one, { ...one, ...fields });
    expect(same({ attributes: { segment: 'smb', owner: 'Lee', region: '' } })).toBe(true);
    expect(same({ effectiveAt: instant(2) })).toBe(false);
    expect(same({ name: 'Other' })).toBe(false);
    expect(same({ attributes: { segment: 'mid' } })).toBe(false);
    expect(same({ attributes: { segment: 'smb', region: 'eu' } })).toBe(false);
  });
});
