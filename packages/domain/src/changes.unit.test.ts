import { describe, expect, it } from 'vitest';
import { changesByTime } from './changes.ts';
import { inWords, liveRules, tell } from './fold-fixtures.ts';
import type { ChangeRecord } from './records.ts';
import { at, item, profile, subscription } from './report-fixtures.ts';
import { instant } from './scalars.ts';

const rules = liveRules({ dimensions: [{ name: 'segment', cap: 50 }] });
const said = (records: readonly ChangeRecord[], asOf?: string) =>
  tell(rules, records, asOf === undefined ? undefined : at(asOf)).said;

const from = (source: string, record: ChangeRecord): ChangeRecord => ({ ...record, source });
const recorded = (on: string, record: ChangeRecord): ChangeRecord => ({
  ...record,
  recordedAt: instant(at(on)),
  version: at(on),
});

describe('movements said after a record', () => {
  it('are those that it makes, those to come not yet', () => {
    const phase = { effectiveAt: instant(at('2025-09-01')), status: 'ended', items: [] } as const;
    const record = subscription('a', '2025-01-01', 100, { scheduled: [phase] });
    expect(said([record], '2025-08-31')).toEqual([['+2025-01-01 new 0>100']]);
    expect(said([record], '2025-09-01')).toEqual([
      ['+2025-01-01 new 0>100', '+2025-09-01 churn 100>0'],
    ]);
  });

  it('are the differences that a correction makes, a retract before the assert of its instant', () => {
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-03-01', 150),
      recorded('2025-04-01', subscription('a', '2025-02-01', 120)),
    ];
    expect(said(records)[2]).toEqual([
      '+2025-02-01 expansion 100>120',
      '-2025-03-01 expansion 100>150',
    ]);
    expect(said([...records, recorded('2025-05-01', records[0] as ChangeRecord)])[3]).toEqual([
      '-2025-02-01 expansion 100>120',
    ]);
    const zero = recorded('2025-05-01', subscription('a', '2025-01-01', 130));
    expect(said([...records.slice(0, 2), zero])[2]).toEqual([
      '-2025-01-01 new 0>100',
      '+2025-01-01 new 0>130',
      '-2025-03-01 expansion 100>150',
    ]);
  });

  it('leave alone what a late record does not change, and say anew what it does', () => {
    const late = { ...subscription('a', '2025-02-01', 120), version: at('2025-02-01') };
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-03-01', 150),
      subscription('a', '2025-04-01', 90),
      { ...late, recordedAt: instant(at('2025-05-01')) },
    ];
    expect(said(records)[3]).toEqual([
      '+2025-02-01 expansion 100>120',
      '-2025-03-01 expansion 100>150',
      '+2025-03-01 expansion 120>150',
    ]);
  });

  it('change their kind when an earlier first payment comes to light', () => {
    const records = [
      subscription('a', '2025-06-01', 100),
      subscription('a', '2025-02-01', 40, { id: 't', version: 1 }),
      subscription('a', '2025-03-01', 0, { id: 't', version: 2 }),
    ];
    expect(said(records).slice(1)).toEqual([
      ['+2025-02-01 new 0>40', '-2025-06-01 new 0>100', '+2025-06-01 expansion 40>140'],
      ['+2025-03-01 churn 40>0', '-2025-06-01 expansion 40>140', '+2025-06-01 reactivation 0>100'],
    ]);
  });

  it('are said again when only their drivers differ', () => {
    const records = [
      subscription('a', '2025-01-01', [item(100, 'core'), item(50, 'reports')]),
      recorded('2025-02-01', subscription('a', '2025-01-01', [item(50, 'core'), item(100, 'x')])),
    ];
    expect(said(records)[1]).toEqual(['-2025-01-01 new 0>150', '+2025-01-01 new 0>150']);
  });

  it('are none where a record changes nothing', () => {
    const record = subscription('a', '2025-01-01', 100);
    expect(said([record, record])).toEqual([['+2025-01-01 new 0>100'], []]);
  });

  it('of the time before what is kept are never said', () => {
    const records = [
      subscription('a', '2020-01-01', 100),
      subscription('a', '2025-01-01', 150),
      recorded('2025-02-01', subscription('a', '2020-01-01', 70)),
    ];
    // The correction holds from the edge on: ninety days and twelve months before it was recorded.
    expect(said(records)[2]).toEqual([
      '+2023-11-03T00:00:00.001Z contraction 100>70',
      '-2025-01-01 expansion 100>150',
    ]);
  });
});

describe('classifications said after a record', () => {
  it('begin with the first record, also when it says who the customer is and nothing else', () => {
    expect(said([profile('a', '2025-01-01', { segment: 'smb' }, 'Acme')])).toEqual([
      ['+2025-01-01 Acme {"segment":"smb"}'],
    ]);
  });

  it('are said at once for the first, when their time has come for the others', () => {
    const records = [
      profile('a', '2025-06-01', { segment: 'smb' }),
      profile('a', '2025-07-01', { segment: 'mid' }),
    ];
    expect(said(records, '2025-01-01')).toEqual([['+2025-06-01 null {"segment":"smb"}'], []]);
    expect(said(records, '2025-07-01')[1]).toEqual(['+2025-07-01 null {"segment":"mid"}']);
  });

  it('are none where neither the name nor an attribute that is a dimension differs', () => {
    const records = [
      profile('a', '2025-01-01', { segment: 'smb', owner: 'Kim' }, 'Acme'),
      profile('a', '2025-02-01', { segment: 'smb', owner: 'Lee' }, 'Acme'),
      profile('a', '2025-03-01', { segment: 'smb', owner: 'Lee' }, 'Acme Inc'),
    ];
    expect(said(records).slice(1)).toEqual([
      [],
      ['+2025-03-01 Acme Inc {"owner":"Lee","segment":"smb"}'],
    ]);
  });

  it('reach back before the first word of another source, which holds before it, too', () => {
    const records = [
      profile('a', '2025-01-01', { segment: 'smb' }),
      from('crm', profile('a', '2025-06-01', {}, 'Acme')),
    ];
    expect(said(records)[1]).toEqual([
      '-2025-01-01 null {"segment":"smb"}',
      '+2025-01-01 Acme {"segment":"smb"}',
    ]);
  });

  it('move with a first word that turns out to be earlier', () => {
    const records = [
      recorded('2025-03-01', profile('a', '2025-03-01', { segment: 'smb' })),
      { ...profile('a', '2025-01-01', { segment: 'mid' }), version: 1 },
    ];
    expect(said(records)[1]).toEqual(['+2025-01-01 null {"segment":"mid"}']);
  });

  it('are said also by the record with which old subscriptions fall out of what is kept', () => {
    const records = [
      subscription('a', '2020-01-01', 100),
      subscription('a', '2020-06-01', 150),
      profile('a', '2025-01-01', { segment: 'smb' }),
    ];
    const told = tell(rules, records);
    expect(told.customer.subscriptions[0]?.chain).toHaveLength(1);
    expect(told.said[2]).toEqual(['+2025-01-01 null {"segment":"smb"}']);
  });

  it('take back what was said before all that is kept, at the instant at which it was said', () => {
    const records = [
      profile('a', '2018-01-01', { segment: 'smb', owner: 'Kim' }),
      from('crm', profile('a', '2019-01-01', {})),
      profile('a', '2020-01-01', { segment: 'mid' }),
      profile('a', '2021-01-01', { segment: 'mid', owner: 'Kim' }),
      profile('a', '2025-01-01', { segment: 'mid', owner: 'Lee' }),
      from('erp', profile('a', '2025-02-01', {}, 'Acme')),
    ];
    const told = tell(rules, records);
    expect(told.customer.profiles.map(({ chain }) => chain.length)).toEqual([2, 1, 1]);
    expect(told.said).toEqual([
      ['+2018-01-01 null {"owner":"Kim","segment":"smb"}'],
      [],
      ['+2020-01-01 null {"segment":"mid"}'],
      [],
      [],
      [
        '-2020-01-01 null {"owner":"Kim","segment":"mid"}',
        '+2020-01-01 Acme {"owner":"Kim","segment":"mid"}',
      ],
    ]);
  });
});

describe('what time brings', () => {
  const phase = { effectiveAt: instant(at('2025-09-01')), status: 'ended', items: [] } as const;
  const records = [
    { ...profile('a', '2025-01-01', { segment: 'smb' }), eventId: 'p1' },
    { ...profile('a', '2025-09-01', { segment: 'mid' }), eventId: 'p2' },
    { ...subscription('a', '2025-01-01', 100, { scheduled: [phase] }), eventId: 's1' },
    { ...subscription('a', '2025-08-01', 60, { id: 't' }), eventId: 's2' },
  ];
  const { customer } = tell(rules, records, at('2025-07-01'));
  const due = (after: string, upTo: string) =>
    changesByTime(rules, customer, at(after), at(upTo)).map(
      ({ change, cause }) => `${inWords(change)} by ${cause.eventId}`,
    );

  it('is after one as-of and up to the next, by instant, a classification before a movement', () => {
    expect(due('2025-07-01', '2025-09-01')).toEqual([
      '+2025-08-01 expansion 100>160 by s2',
      '+2025-09-01 null {"segment":"mid"} by p2',
      '+2025-09-01 contraction 160>60 by s2',
    ]);
    expect(due('2025-08-01', '2025-08-31')).toEqual([]);
    expect(due('2025-09-01', '2026-01-01')).toEqual([]);
  });

  it('carries who the customer is at the movement, and its instant', () => {
    const [first] = changesByTime(rules, customer, at('2025-07-01'), at('2025-08-01'));
    expect(first).toMatchObject({
      effectiveAt: at('2025-08-01'),
      cause: { eventId: 's2', source: '', offset: 3, knownAt: at('2025-09-01') },
      change: { customerId: 'a', profile: { name: null, attributes: { segment: 'smb' } } },
    });
  });

  it('names for each the record that announced it', () => {
    const two = [
      { ...subscription('a', '2025-08-01', 60, { id: 't' }), eventId: 's1' },
      { ...subscription('a', '2025-10-01', 30, { id: 'u' }), eventId: 's2' },
    ];
    const { customer: coming } = tell(rules, two, at('2025-07-01'));
    const causes = changesByTime(rules, coming, at('2025-07-01'), at('2025-12-01'));
    expect(causes.map(({ cause }) => cause.eventId)).toEqual(['s1', 's2']);
  });

  it('stops at what nothing has announced', () => {
    const unannounced = { ...customer, announced: [] };
    expect(() => changesByTime(rules, unannounced, at('2025-07-01'), at('2025-08-01'))).toThrow(
      `nothing announces the movement at ${at('2025-08-01')}`,
    );
  });
});
