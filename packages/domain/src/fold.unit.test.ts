import { describe, expect, it } from 'vitest';
import type { Customer } from './customer.ts';
import { fold } from './fold.ts';
import { admitted, day, LATER, liveRules, tell } from './fold-fixtures.ts';
import type { ChangeRecord } from './records.ts';
import { at, foldAll, item, profile, subscription, testRules } from './report-fixtures.ts';
import { instant, offset } from './scalars.ts';

const rules = liveRules();
const results = (...records: readonly ChangeRecord[]) => tell(rules, records).results;
const recorded = (on: string, record: ChangeRecord): ChangeRecord => ({
  ...record,
  recordedAt: instant(at(on)),
});

const BASE = subscription('a', '2025-01-01', 100);

describe('the result of a record', () => {
  it('is applied where it changes the projection', () => {
    expect(results(BASE, subscription('a', '2025-02-01', 100))).toEqual(['applied', 'applied']);
  });

  it('is a duplicate where it is known already, its event_id apart', () => {
    expect(results(BASE, { ...BASE, eventId: 'again' })).toEqual(['applied', 'duplicate']);
    const segment = profile('a', '2025-01-01', { b: '1', a: '2' }, 'Acme');
    expect(
      results(segment, { ...segment, attributes: { a: '2', b: '1' } } as ChangeRecord),
    ).toEqual(['applied', 'duplicate']);
  });

  it('is a version tie where version and recorded_at are equal and the content is not', () => {
    expect(results(BASE, { ...BASE, items: [item(90)] } as ChangeRecord)[1]).toBe('version_tie');
  });

  it.each([
    ['another name', 'Other', { a: '1', b: '2' }],
    ['no name', null, { a: '1', b: '2' }],
    ['another value', 'Acme', { a: '1', b: '3' }],
    ['an attribute more', 'Acme', { a: '1', b: '2', c: '3' }],
    ['an attribute less', 'Acme', { a: '1' }],
    ['another attribute', 'Acme', { a: '1', c: '2' }],
    ['an attribute that every object has', 'Acme', { a: '1', toString: '2' }],
  ])('is a version tie of profiles with %s', (_, name, attributes) => {
    const one = profile('a', '2025-01-01', { a: '1', b: '2' }, 'Acme');
    expect(results(one, { ...one, name, attributes } as ChangeRecord)[1]).toBe('version_tie');
  });

  it('is overruled where a greater version holds from no later on', () => {
    const lesser = { ...subscription('a', '2025-03-01', 50), version: 1 };
    expect(results(BASE, lesser)).toEqual(['applied', 'overruled']);
  });

  it('is too late before the edge, whether it is overruled there or not', () => {
    const now = profile('a', '2025-01-01', {});
    const old = recorded('2025-01-01', subscription('a', '2020-01-01', 40));
    expect(results(now, old)).toEqual(['applied', 'too_late']);
    expect(results(subscription('a', '2023-01-01', 9), now, { ...old, version: 1 })).toEqual([
      'applied',
      'applied',
      'too_late',
    ]);
  });

  it('is a duplicate or a tie rather than too late where it is still known', () => {
    const old = subscription('a', '2020-01-01', 40);
    const tie = { ...old, items: [item(50)] } as ChangeRecord;
    const now = profile('a', '2025-01-01', {});
    expect(results(old, now, old, tie)).toEqual(['applied', 'applied', 'duplicate', 'version_tie']);
  });

  it('is too late by one millisecond', () => {
    // Twelve months and ninety days before the end of the window: the instant after it was known.
    const known = profile('a', '2025-01-01', {});
    const late = (on: number) => results(known, { ...subscription('a', on, 5), version: 1 })[1];
    const edge = at('2023-10-03T00:00:00.001Z');
    expect([late(edge - 1), late(edge)]).toEqual(['too_late', 'applied']);
  });

  it('is never too late for a customer of whom nothing is known', () => {
    expect(results(recorded('2020-01-01', subscription('a', '2020-01-01', 40)))).toEqual([
      'applied',
    ]);
    expect(results(recorded('2025-01-01', subscription('a', '2020-01-01', 40)))).toEqual([
      'too_late',
    ]);
  });
});

describe('a folded customer', () => {
  const { customer } = tell(rules, [
    subscription('a', '2025-03-01', 10, { id: 't' }),
    { ...subscription('a', '2025-02-01', 20, { id: 'u' }), source: 'x' },
    subscription('a', '2025-01-01', 30, { id: 's' }),
    { ...profile('a', '2025-01-01', {}), source: 'crm' },
    { ...profile('a', '2025-01-01', {}), source: 'billing' },
  ]);

  it('has its subscriptions by source and id, its profiles by source', () => {
    const keys = customer.subscriptions.map((one) => `${one.source}/${one.subscriptionId}`);
    expect(keys).toEqual(['/s', '/t', 'x/u']);
    expect(customer.profiles.map(({ source }) => source)).toEqual(['billing', 'crm']);
    expect(customer.steps.arr).toEqual([30, 50, 60]);
  });

  it('has them in one order whatever came first, also where a NUL could make two names one', () => {
    const one = { ...subscription('a', '2025-01-01', 1, { id: 'b' }), source: 'x\u0000' };
    const other = { ...subscription('a', '2025-01-01', 2, { id: '\u0000b' }), source: 'x' };
    const order = (...records: readonly ChangeRecord[]): readonly string[] =>
      tell(rules, records).customer.subscriptions.map(({ source }) => source);
    expect(order(one, other)).toEqual(['x', 'x\u0000']);
    expect(order(other, one)).toEqual(['x', 'x\u0000']);
  });

  it('tells subscriptions of one id and two sources apart', () => {
    const two = [BASE, { ...subscription('a', '2025-02-01', 5), source: 'crm' }];
    expect(tell(rules, two).customer.steps.arr).toEqual([100, 105]);
  });

  it('is known at the greatest recorded_at of its records', () => {
    const known = (...records: readonly ChangeRecord[]): string =>
      day(tell(rules, records).customer.knownAt);
    expect(known(BASE)).toBe('2025-01-01');
    expect(known(BASE, recorded('2025-06-01', subscription('a', '2025-02-01', 5)))).toBe(
      '2025-06-01',
    );
    expect(known(recorded('2025-06-01', BASE), subscription('a', '2025-02-01', 5))).toBe(
      '2025-06-01',
    );
  });

  it('is known later by a record that changes nothing else', () => {
    const lesser = recorded('2025-06-01', { ...subscription('a', '2025-03-01', 50), version: 1 });
    const told = tell(rules, [BASE, lesser]);
    expect([told.results[1], day(told.customer.knownAt)]).toEqual(['overruled', '2025-06-01']);
  });

  it('is the very same object after a record that changes nothing at all', () => {
    const first = tell(rules, [BASE]).customer;
    const folded = fold(rules, first, admitted(rules, BASE), offset(7), LATER);
    expect(folded).toEqual({ customer: first, result: 'duplicate', changed: null });
    expect(folded.customer).toBe(first);
  });

  it('says from when on a record may have changed ARR: from its start, or from the edge', () => {
    const changed = (...records: readonly ChangeRecord[]) => {
      let before: Customer | null = null;
      let last = null;
      for (const [index, record] of records.entries()) {
        last = fold(rules, before, admitted(rules, record), offset(index), LATER);
        before = last.customer;
      }
      return last?.changed;
    };
    expect(changed(BASE)).toEqual({ what: 'arr', from: at('2025-01-01') });
    expect(changed(recorded('2025-01-01', subscription('a', '2020-01-01', 4)))).toEqual({
      what: 'arr',
      from: at('2023-10-03T00:00:00.001Z'),
    });
    expect(changed(profile('a', '2025-01-01', {}))).toEqual({ what: 'profile' });
    const lesser = recorded('2025-06-01', { ...subscription('a', '2025-03-01', 50), version: 1 });
    expect(changed(BASE, lesser)).toBeNull();
  });
});

describe('with everything kept', () => {
  const all = testRules();

  it('every phase names the record that said it, and nothing is announced or dropped', () => {
    const phase = { effectiveAt: instant(at('2029-01-01')), status: 'ended', items: [] } as const;
    const records = [
      subscription('a', '2001-01-01', 5, { eventId: 'e1' }),
      subscription('a', '2025-01-01', 100, { eventId: 'e2', scheduled: [phase] }),
      { ...profile('a', '2025-02-01', {}), eventId: 'p1' },
    ];
    const [customer] = foldAll(all, records);
    const causes = [...(customer?.subscriptions ?? []), ...(customer?.profiles ?? [])].map(
      ({ chain }) => chain.map(({ cause }) => `${cause?.eventId}@${cause?.offset}`),
    );
    expect(causes).toEqual([['e1@0', 'e2@1', 'e2@1'], ['p1@2']]);
    expect(customer?.announced).toEqual([]);
  });

  it('no record is too late', () => {
    const now = profile('a', '2025-01-01', {});
    const old = { ...subscription('a', '1999-01-01', 40), version: 1 };
    expect(tell(all, [now, old]).results).toEqual(['applied', 'applied']);
  });

  it('and with a horizon no phase names a record', () => {
    expect(tell(rules, [BASE]).customer.subscriptions[0]?.chain[0]?.cause).toBeNull();
  });
});
