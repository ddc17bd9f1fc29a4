import { describe, expect, it } from 'vitest';
import {
  addContribution,
  emptyAggregates,
  loadAggregates,
  parseRow,
  replaceContribution,
  sumRows,
  takeChanged,
} from './aggregates.ts';
import type { Contribution } from './contribution.ts';
import { isHoldfastError } from './errors.ts';
import { liveRules } from './fold-fixtures.ts';

const rules = liveRules({
  windows: ['P1M', 'P12M'],
  dimensions: [
    { name: 'segment', cap: 50 },
    { name: 'a/b %', cap: 50 },
  ],
});

const contribution = (
  [opening, closing]: readonly [number, number],
  arr = closing,
  members: readonly string[] = ['smb', 'x'],
): Contribution => ({
  windows: [opening === 0 ? null : { opening, closing, members }, null],
  arr,
  members,
});

const after = (...added: readonly (readonly [Contribution, 1 | -1])[]) => {
  const aggregates = emptyAggregates(rules);
  for (const [one, sign] of added) addContribution(aggregates, one, sign);
  return Object.fromEntries(takeChanged(aggregates));
};

const codeOf = (call: () => unknown): string => {
  try {
    call();
    return 'nothing thrown';
  } catch (error) {
    return isHoldfastError(error) ? error.code : String(error);
  }
};

describe('a contribution', () => {
  it.each([
    ['stays', [100, 100], '100,0,0,0,100,1,1'],
    ['grows', [100, 130], '100,30,0,0,130,1,1'],
    ['shrinks', [100, 60], '100,0,40,0,60,1,1'],
    ['is lost', [100, 0], '100,0,0,100,0,1,0'],
  ] as const)('that %s is summed by window, dimension and member', (_, sides, sums) => {
    const arr = sides[1] === 0 ? {} : { 'arr/all/all': `${sides[1]},1` };
    const rows = after([contribution(sides), 1]);
    expect(rows).toMatchObject({
      'P1M/all/all': sums,
      'P1M/segment/smb': sums,
      'P1M/a%2Fb%20%25/x': sums,
      ...arr,
    });
    expect(Object.keys(rows)).toHaveLength(sides[1] === 0 ? 3 : 6);
  });

  it('adds to what others gave, each under its own members', () => {
    const rows = after(
      [contribution([100, 130]), 1],
      [contribution([50, 20], 20, ['mid', 'x']), 1],
      [contribution([0, 0], 7, ['', 'ä/ %']), 1],
    );
    expect(rows).toEqual({
      'P1M/all/all': '150,30,30,0,150,2,2',
      'P1M/segment/smb': '100,30,0,0,130,1,1',
      'P1M/segment/mid': '50,0,30,0,20,1,1',
      'P1M/a%2Fb%20%25/x': '150,30,30,0,150,2,2',
      'arr/all/all': '157,3',
      'arr/segment/smb': '130,1',
      'arr/segment/mid': '20,1',
      'arr/segment/': '7,1',
      'arr/a%2Fb%20%25/x': '150,2',
      'arr/a%2Fb%20%25/%C3%A4%2F%20%25': '7,1',
    });
  });

  it('taken away again leaves nothing of it', () => {
    const one = contribution([100, 130]);
    const other = contribution([40, 0]);
    expect(after([one, 1], [other, 1], [one, -1])).toMatchObject({
      'P1M/all/all': '40,0,0,40,0,1,0',
      'arr/all/all': null,
    });
    const nothing = after([one, 1], [one, -1]);
    expect(Object.values(nothing)).toEqual([null, null, null, null, null, null]);
  });
});

describe('changed rows', () => {
  it('are those since the last time, each once', () => {
    const aggregates = emptyAggregates(rules);
    expect(takeChanged(aggregates)).toEqual([]);
    addContribution(aggregates, contribution([0, 0], 5), 1);
    addContribution(aggregates, contribution([0, 0], 6), 1);
    expect(takeChanged(aggregates)).toEqual([
      ['arr/all/all', '11,2'],
      ['arr/segment/smb', '11,2'],
      ['arr/a%2Fb%20%25/x', '11,2'],
    ]);
    expect(takeChanged(aggregates)).toEqual([]);
    addContribution(aggregates, contribution([0, 0], 1, ['mid', 'x']), 1);
    expect(takeChanged(aggregates).map(([key]) => key)).toEqual([
      'arr/all/all',
      'arr/segment/mid',
      'arr/a%2Fb%20%25/x',
    ]);
  });

  it('of a customer without ARR and without a window are none', () => {
    expect(after([contribution([0, 0]), 1])).toEqual({});
  });
});

describe('a contribution that is replaced', () => {
  const one = contribution([100, 130], 130);

  it.each([
    ['its opening', contribution([90, 130], 130)],
    ['its closing', contribution([100, 0], 130)],
    ['its ARR', contribution([100, 130], 7)],
    ['its member', contribution([100, 130], 130, ['mid', 'x'])],
    ['its place in the cohort', contribution([0, 130], 130)],
  ])('counts as it is now where %s changed', (_, other) => {
    const aggregates = emptyAggregates(rules);
    replaceContribution(aggregates, null, one);
    const rows = new Map(takeChanged(aggregates));
    replaceContribution(aggregates, one, other);
    for (const [key, value] of takeChanged(aggregates)) rows.set(key, value);
    const wanted = emptyAggregates(rules);
    addContribution(wanted, other, 1);
    const left = [...rows].filter(([, value]) => value !== null);
    expect(new Map(left)).toEqual(new Map(takeChanged(wanted)));
  });

  it('by its equal changes no row', () => {
    const aggregates = emptyAggregates(rules);
    replaceContribution(aggregates, null, one);
    takeChanged(aggregates);
    replaceContribution(aggregates, one, contribution([100, 130], 130));
    expect(takeChanged(aggregates)).toEqual([]);
  });
});

describe('a sum beyond safe integers', () => {
  const huge = Number.MAX_SAFE_INTEGER;
  const two = (): object => after([contribution([huge, huge], 0), 1], [contribution([1, 1], 0), 1]);

  it('is an error that names the aggregate', () => {
    expect(codeOf(two)).toBe('arr_overflow');
    expect(two).toThrow('aggregate P1M/all/all');
    expect(after([contribution([huge, huge], huge), 1])).toMatchObject({
      'arr/all/all': `${huge},1`,
    });
  });
});

describe('stored aggregates', () => {
  const stored = new Map([
    ['P1M/all/all', '150,30,30,0,150,2,2'],
    ['P12M/segment/%C3%A4%2F%20%25', '1,2,3,4,5,6,7'],
    ['arr/all/all', '157,3'],
  ]);

  it('are loaded as they were, none of them changed, and go on from there', () => {
    const aggregates = loadAggregates(rules, stored);
    expect(takeChanged(aggregates)).toEqual([]);
    addContribution(aggregates, contribution([100, 130]), -1);
    const rows = Object.fromEntries(takeChanged(aggregates));
    expect(rows['P1M/all/all']).toBe('50,0,30,0,20,1,1');
    expect(rows['arr/all/all']).toBe('27,2');
  });

  it('are the same after loading and adding as after adding to nothing', () => {
    const fresh = emptyAggregates(rules);
    addContribution(fresh, contribution([5, 8]), 1);
    const rows = takeChanged(fresh) as [string, string][];
    addContribution(fresh, contribution([5, 3]), 1);
    const loaded = loadAggregates(rules, new Map(rows));
    addContribution(loaded, contribution([5, 3]), 1);
    expect(takeChanged(loaded)).toEqual(takeChanged(fresh));
  });

  it.each([
    ['P3M/all/all', '1,2,3,4,5,6,7'],
    ['P1M/plan/pro', '1,2,3,4,5,6,7'],
    ['arr/plan/pro', '1,2'],
  ])('of another policy are an error: %s', (key, value) => {
    const load = () => loadAggregates(rules, new Map([[key, value]]));
    expect(codeOf(load)).toBe('store_corrupt');
    expect(load).toThrow(`aggregate ${key} is none of this policy's`);
  });
});

describe('a stored row', () => {
  it('says what it sums', () => {
    expect(parseRow('P12M/segment/%C3%A4%2F%20%25', '1,2,3,4,5,6,7')).toEqual({
      kind: 'retention',
      window: 'P12M',
      dimension: 'segment',
      member: 'ä/ %',
      openingArrMinor: 1,
      expansionArrMinor: 2,
      contractionArrMinor: 3,
      churnedArrMinor: 4,
      closingArrMinor: 5,
      openingCustomers: 6,
      retainedCustomers: 7,
    });
    expect(parseRow('arr/a%2Fb/', '12,3')).toEqual({
      kind: 'arr',
      dimension: 'a/b',
      member: '',
      arrMinor: 12,
      customers: 3,
    });
  });

  it.each([
    ['arr/all', '1,2'],
    ['arr', '1,2'],
    ['arr/all/all/all', '1,2'],
    ['', '1,2,3,4,5,6,7'],
    ['arr/all/all', '1'],
    ['arr/all/all', '1,2,3'],
    ['P1M/all/all', '1,2,3,4,5,6'],
    ['P1M/all/all', '1,2'],
    ['arr/all/all', '1,x'],
    ['arr/all/all', '1.5,2'],
    ['arr/all/all', '9007199254740992,2'],
    ['arr/all/all', ''],
    ['arr/all/%zz', '1,2'],
  ])('that cannot be read is an error: %s holds "%s"', (key, value) => {
    const parse = () => parseRow(key, value);
    expect(codeOf(parse)).toBe('store_corrupt');
    expect(parse).toThrow(`aggregate ${key} holds "${value}"`);
  });
});

describe('rows of several partitions', () => {
  it('are summed by key, in the order in which they come', () => {
    const one = new Map([
      ['P1M/all/all', '1,2,3,4,5,6,7'],
      ['arr/all/all', '10,1'],
    ]);
    const two = new Map([
      ['arr/all/all', '5,2'],
      ['arr/segment/smb', '5,2'],
      ['P1M/all/all', '10,20,30,40,50,60,70'],
    ]);
    expect(sumRows([one, two, new Map()])).toEqual([
      parseRow('P1M/all/all', '11,22,33,44,55,66,77'),
      parseRow('arr/all/all', '15,3'),
      parseRow('arr/segment/smb', '5,2'),
    ]);
    expect(sumRows([])).toEqual([]);
  });

  it('beyond safe integers together are an error', () => {
    const most = new Map([['arr/all/all', '9007199254740990,1']]);
    const one = new Map([['arr/all/all', '1,1']]);
    expect(sumRows([most, one])).toMatchObject([{ arrMinor: Number.MAX_SAFE_INTEGER }]);
    expect(() => sumRows([most, one, one])).toThrow(
      'a sum of ARR is beyond safe integers: aggregate arr/all/all 9007199254740992',
    );
  });
});
