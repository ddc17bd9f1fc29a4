import { describe, expect, it } from 'vitest';
import { type AggregateRow, sumRows } from './aggregates.ts';
import { nameMembers } from './members.ts';
import type { Dimension } from './policy.ts';

/** Rows as the store keeps them: seven sums for a window, two for ARR. */
const rowsOf = (stored: Readonly<Record<string, string>>): readonly AggregateRow[] =>
  sumRows([new Map(Object.entries(stored))]);

const arr = (members: Readonly<Record<string, number>>): readonly AggregateRow[] =>
  rowsOf(
    Object.fromEntries(
      Object.entries(members).map(([member, amount]) => [
        `arr/segment/${encodeURIComponent(member)}`,
        `${amount},1`,
      ]),
    ),
  );

const segment = (rest: Partial<Dimension>): readonly Dimension[] => [
  { name: 'segment', cap: 50, ...rest },
];

const shown = (rows: readonly AggregateRow[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    rows.map((row) => [row.member, row.kind === 'arr' ? row.arrMinor : row.openingArrMinor]),
  );

describe('the members that gauges name', () => {
  it('are all where no more than the cap exist, with no other', () => {
    const rows = arr({ smb: 3, enterprise: 2 });
    expect(nameMembers(rows, segment({ cap: 2 }))).toEqual(rows);
  });

  it('are the largest by ARR up to the cap, and the rest adds up to other', () => {
    const rows = arr({ a: 10, b: 40, c: 30, d: 20 });
    const named = nameMembers(rows, segment({ cap: 2 }));
    expect(shown(named)).toEqual({ b: 40, c: 30, other: 30 });
    expect(named.at(-1)).toMatchObject({ member: 'other', customers: 2 });
  });

  it('are chosen by name where ARR is equal', () => {
    const rows = arr({ c: 5, b: 5, a: 5 });
    expect(shown(nameMembers(rows, segment({ cap: 2 })))).toEqual({ a: 5, b: 5, other: 5 });
  });

  it('are those that the policy lists, however small, also when none of them exists', () => {
    const rows = arr({ smb: 1, enterprise: 100 });
    const listed = (...members: string[]) => shown(nameMembers(rows, segment({ members })));
    expect(listed('smb')).toEqual({ smb: 1, other: 100 });
    expect(listed('mid-market')).toEqual({ other: 101 });
  });

  it('never include a member that is itself called other', () => {
    const rows = arr({ other: 100, smb: 1 });
    expect(shown(nameMembers(rows, segment({ cap: 1 })))).toEqual({ smb: 1, other: 100 });
  });

  it('are the same in every window, and those without ARR left stand last', () => {
    const rows = rowsOf({
      'arr/segment/smb': '500,5',
      'P1M/segment/smb': '400,0,0,0,400,4,4',
      'P1M/segment/gone': '900,0,0,900,0,9,0',
      'P3M/segment/gone': '800,10,20,700,90,8,1',
      'P3M/segment/left': '1,2,3,4,5,6,7',
    });
    expect(nameMembers(rows, segment({ cap: 1 }))).toEqual(
      rowsOf({
        'arr/segment/smb': '500,5',
        'P1M/segment/smb': '400,0,0,0,400,4,4',
        'P1M/segment/other': '900,0,0,900,0,9,0',
        'P3M/segment/other': '801,12,23,704,95,14,8',
      }),
    );
  });

  it('may be ones that a window alone still knows', () => {
    const rows = rowsOf({
      'arr/segment/smb': '500,5',
      'P1M/segment/smb': '400,0,0,0,400,4,4',
      'P1M/segment/gone': '900,0,0,900,0,9,0',
      'P1M/segment/left': '1,0,0,1,0,1,0',
    });
    const named = nameMembers(rows, segment({ cap: 2 }));
    expect(named.map(({ kind, member }) => `${kind} ${member}`)).toEqual([
      'arr smb',
      'retention smb',
      'retention gone',
      'retention other',
    ]);
  });

  it('are chosen for each dimension by itself', () => {
    const rows = rowsOf({
      'arr/segment/smb': '5,1',
      'arr/region/eu': '100,1',
      'arr/region/us': '50,1',
    });
    const regions = [...segment({ cap: 1 }), { name: 'region', cap: 1 }];
    expect(shown(nameMembers(rows, regions))).toEqual({ smb: 5, eu: 100, other: 50 });
  });

  it('leave the total alone, whatever the dimensions', () => {
    const rows = rowsOf({ 'arr/all/all': '7,1', 'P1M/all/all': '7,0,0,0,7,1,1' });
    expect(nameMembers(rows, segment({ cap: 1 }))).toEqual(rows);
    expect(nameMembers(rows, [])).toEqual(rows);
  });
});
