import { describe, expect, it } from 'vitest';
import { contributionOf, dueAfter, membersAt } from './contribution.ts';
import { day, liveRules, tell } from './fold-fixtures.ts';
import type { ChangeRecord } from './records.ts';
import { at, item, profile, subscription } from './report-fixtures.ts';
import { momentAt } from './rules.ts';
import { instant } from './scalars.ts';

const dimensions = [
  { name: 'segment', cap: 50 },
  { name: 'region', cap: 50 },
];
const rules = liveRules({ windows: ['P1M', 'P3M'], dimensions });
const customerOf = (...records: readonly ChangeRecord[]) => tell(rules, records).customer;

const smb = profile('a', '2025-01-01', { segment: 'smb', region: 'eu' });

describe('what a customer contributes at a moment', () => {
  const customer = customerOf(
    smb,
    profile('a', '2025-05-01', { segment: 'mid', region: 'eu' }),
    subscription('a', '2025-02-15', 100),
    subscription('a', '2025-05-15', 150),
    subscription('a', '2025-08-15', 0),
  );
  const contributed = (asOf: string) =>
    contributionOf(rules, customer, momentAt(rules, at(asOf) - 1));

  it('is its ARR on both sides of each window, by the members just before it and now', () => {
    expect(contributed('2025-06-01')).toEqual({
      windows: [
        { opening: 100, closing: 150, members: ['smb', 'eu'] },
        { opening: 100, closing: 150, members: ['smb', 'eu'] },
      ],
      arr: 150,
      members: ['mid', 'eu'],
    });
    expect(contributed('2025-07-01').windows).toEqual([
      { opening: 150, closing: 150, members: ['mid', 'eu'] },
      { opening: 100, closing: 150, members: ['smb', 'eu'] },
    ]);
  });

  it('is in no cohort of a window before which it had no ARR', () => {
    expect(contributed('2025-03-01')).toEqual({
      windows: [null, null],
      arr: 100,
      members: ['smb', 'eu'],
    });
    expect(contributed('2025-04-01').windows).toEqual([
      { opening: 100, closing: 100, members: ['smb', 'eu'] },
      null,
    ]);
  });

  it('is a loss while what it had lies in the window, then nothing', () => {
    expect(contributed('2025-09-01')).toMatchObject({
      windows: [
        { opening: 150, closing: 0 },
        { opening: 150, closing: 0 },
      ],
      arr: 0,
    });
    expect(contributed('2025-12-01')).toMatchObject({ windows: [null, null], arr: 0 });
  });

  it('counts a step at the first instant of a window as inside, and one at the as-of', () => {
    const edge = customerOf(
      subscription('a', '2025-02-15', 100),
      subscription('a', '2025-05-01', 120),
      subscription('a', at('2025-06-01') - 1, 130),
    );
    const found = contributionOf(rules, edge, momentAt(rules, at('2025-06-01') - 1));
    expect(found.windows[0]).toMatchObject({ opening: 100, closing: 130 });
  });
});

describe('members at an instant', () => {
  it('are one for each dimension of the policy, unknown where nobody says', () => {
    expect(membersAt(rules, customerOf(smb), at('2025-02-01'))).toEqual(['smb', 'eu']);
    expect(membersAt(rules, customerOf(subscription('a', '2025-01-01', 1)), 0)).toEqual([
      'unknown',
      'unknown',
    ]);
    expect(membersAt(liveRules(), customerOf(smb), at('2025-02-01'))).toEqual([]);
  });
});

describe('the due of a customer', () => {
  const dueOf = (records: readonly ChangeRecord[], asOf: string): string | null => {
    const due = dueAfter(rules, customerOf(...records), momentAt(rules, at(asOf)));
    return due === null ? null : day(due);
  };

  it('is never where nothing is to come and no window holds a change', () => {
    expect(dueOf([smb, subscription('a', '2025-01-01', 100)], '2025-06-01')).toBeNull();
  });

  it('is the next phase that begins', () => {
    const phase = { effectiveAt: instant(at('2025-09-01')), status: 'ended', items: [] } as const;
    const later = subscription('a', '2025-01-01', 100, { scheduled: [phase] });
    expect(dueOf([later], '2025-06-01')).toBe('2025-09-01');
    expect(dueOf([later, subscription('a', '2025-08-01', 5, { id: 't' })], '2025-06-01')).toBe(
      '2025-08-01',
    );
    expect(dueOf([later, profile('a', '2025-07-01', {})], '2025-06-01')).toBe('2025-07-01');
  });

  it('is when the earliest change inside a window leaves it', () => {
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-05-10', 120),
      subscription('a', '2025-05-20', 130),
    ];
    expect(dueOf(records, '2025-06-01')).toBe('2025-06-10');
    // Out of the month, but not yet out of the quarter; the next one leaves the month before that.
    expect(dueOf(records, '2025-06-10')).toBe('2025-06-20');
    expect(dueOf(records, '2025-06-20')).toBe('2025-08-10');
    expect(dueOf(records, '2025-08-10')).toBe('2025-08-20');
    expect(dueOf(records, '2025-08-20')).toBeNull();
  });

  it('takes a change at the as-of itself as inside, and one at the first instant of a window', () => {
    const step = [subscription('a', '2025-01-01', 100), subscription('a', '2025-06-01', 120)];
    expect(dueOf(step, '2025-06-01')).toBe('2025-07-01');
    expect(dueOf(step, '2025-06-30')).toBe('2025-07-01');
  });

  it('heeds what a source says, as it heeds subscriptions', () => {
    const records = [smb, profile('a', '2025-05-10', { segment: 'mid' })];
    expect(dueOf(records, '2025-06-01')).toBe('2025-06-10');
    expect(dueOf([...records, subscription('a', '2025-05-05', 1)], '2025-06-01')).toBe(
      '2025-06-05',
    );
  });

  it('is the first of what is to come and what leaves', () => {
    const coming = subscription('a', '2025-06-05', [item(1)], { id: 't' });
    const records = [subscription('a', '2025-01-01', 1), subscription('a', '2025-05-10', 2)];
    expect(dueOf([...records, coming], '2025-06-01')).toBe('2025-06-05');
    expect(dueOf([...records, coming], '2025-06-05')).toBe('2025-06-10');
  });
});
