import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from './definitions/by-name.ts';
import { DEFINITION_NAMES, type DefinitionName } from './definitions/definition.ts';
import { isHoldfastError } from './errors.ts';
import type { ChangeRecord } from './records.ts';
import { at, foldAll, profile, subscription, testRules } from './report-fixtures.ts';
import { retention } from './retention.ts';

const rules = testRules();

const report = (
  records: readonly ChangeRecord[],
  definition: DefinitionName,
  options: { readonly window?: string; readonly dimension?: string; readonly asOf?: string } = {},
) =>
  retention(rules, foldAll(rules, records), {
    asOf: at(options.asOf ?? '2026-02-01'),
    window: options.window ?? 'P12M',
    definition: DEFINITIONS[definition],
    dimension: options.dimension ?? 'all',
  });

const codeOf = (call: () => unknown): string => {
  try {
    call();
    return 'nothing thrown';
  } catch (error) {
    return isHoldfastError(error) ? error.code : String(error);
  }
};

/** Stays at 100, leaves and comes back larger, dips and recovers, and one won in the window. */
const FOUR = [
  subscription('stay', '2025-01-01', 100),
  subscription('back', '2025-01-01', 100),
  subscription('back', '2025-06-01', 0),
  subscription('back', '2025-09-01', 120),
  subscription('dip', '2025-01-01', 200),
  subscription('dip', '2025-05-01', 50),
  subscription('dip', '2025-10-01', 200),
  subscription('won', '2025-07-01', 70),
  subscription('won', '2025-08-01', 90),
];

/** Steps before the window, at its first instant, at the as-of and 1 ms after it. */
const AT_THE_EDGES = [
  subscription('a', '2025-01-01', 100),
  subscription('a', '2025-02-01', 150),
  subscription('a', '2025-02-01T00:00:00.001Z', 130),
  subscription('a', '2026-02-01', 200),
  subscription('a', '2026-02-01T00:00:00.001Z', 0),
];

it.each(DEFINITION_NAMES)('%s takes what stood before the window, and the as-of itself', (name) => {
  expect(report(AT_THE_EDGES, name)[0]?.nrr).toBeCloseTo(200 / 150, 12);
});

describe('point_to_point', () => {
  it('compares ARR just before the window with ARR at its end, customer by customer', () => {
    expect(report(FOUR, 'point_to_point')).toEqual([
      {
        dimension: 'all',
        member: 'all',
        openingArrMinor: 400,
        expansionArrMinor: 20,
        contractionArrMinor: 0,
        churnedArrMinor: 0,
        closingArrMinor: 420,
        openingCustomers: 3,
        retainedCustomers: 3,
        nrr: 1.05,
        grr: 1,
        logoRetention: 1,
        arrMinor: 510,
        customers: 4,
      },
    ]);
  });

  it('has no ratio, and a row of zeros, where nothing was open', () => {
    const [row] = report(FOUR, 'point_to_point', { asOf: '2025-03-01' });
    expect(row).toMatchObject({ openingArrMinor: 0, openingCustomers: 0, arrMinor: 400 });
    expect([row?.nrr, row?.grr, row?.logoRetention]).toEqual([null, null, null]);
  });

  it('counts a change at the first instant of the window as inside, and one at its end too', () => {
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-02-01T00:00:00.001Z', 80),
      subscription('a', '2026-02-01', 50),
    ];
    expect(report(records, 'point_to_point')).toMatchObject([
      { openingArrMinor: 100, contractionArrMinor: 50, closingArrMinor: 50 },
    ]);
  });
});

describe('no_returners', () => {
  it('counts whoever was at 0 at any instant of the window as lost', () => {
    expect(report(FOUR, 'no_returners')).toMatchObject([
      { openingArrMinor: 400, churnedArrMinor: 100, closingArrMinor: 300, nrr: 0.75, grr: 0.75 },
    ]);
    expect(report(FOUR, 'no_returners')[0]?.logoRetention).toBe(2 / 3);
  });

  it.each(['2025-02-01T00:00:00.001Z', '2025-02-01T00:00:00.002Z', '2026-01-31T23:59:59.998Z'])(
    'counts one who was away for one millisecond only, at %s',
    (away) => {
      const records = [
        subscription('a', '2025-01-01', 100),
        subscription('a', away, 0),
        subscription('a', at(away) + 1, 100),
      ];
      expect(report(records, 'no_returners')).toMatchObject([{ churnedArrMinor: 100, nrr: 0 }]);
    },
  );

  it('does not count one who was back before the window began', () => {
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-01-30', 0),
      subscription('a', '2025-02-01', 100),
    ];
    expect(report(records, 'no_returners')).toMatchObject([{ churnedArrMinor: 0, nrr: 1 }]);
  });
});

describe('path', () => {
  it('keeps for GRR the least that each customer had, all else as point_to_point', () => {
    const [row] = report(FOUR, 'path');
    expect(row).toEqual({ ...report(FOUR, 'point_to_point')[0], grr: 150 / 400 });
  });

  it('takes the least inside the window, none before it nor after the as-of', () => {
    expect(report(AT_THE_EDGES, 'path')[0]?.grr).toBe(130 / 150);
  });

  it('keeps no more than what was there before a gain at the first instant', () => {
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-02-01T00:00:00.001Z', 150),
    ];
    expect(report(records, 'path')).toMatchObject([{ expansionArrMinor: 50, nrr: 1.5, grr: 1 }]);
  });
});

describe('flow', () => {
  it('takes every expansion, contraction and churn, also of those won in the window', () => {
    expect(report(FOUR, 'flow')).toMatchObject([
      {
        openingArrMinor: 400,
        // 150 recovered by the one who dipped, 20 by the one won; the return of 120 is left out.
        expansionArrMinor: 170,
        contractionArrMinor: 150,
        churnedArrMinor: 100,
        closingArrMinor: 320,
        openingCustomers: null,
        retainedCustomers: null,
        nrr: 0.8,
        grr: null,
        logoRetention: null,
        arrMinor: 510,
        customers: 4,
      },
    ]);
  });

  it('takes none from before the window nor after the as-of', () => {
    expect(report(AT_THE_EDGES, 'flow')).toMatchObject([
      { openingArrMinor: 150, expansionArrMinor: 70, contractionArrMinor: 20, churnedArrMinor: 0 },
    ]);
  });

  it('takes the losses of one won in the window, also where they cancel each other out', () => {
    const records = [
      subscription('a', '2025-03-01', 100),
      subscription('a', '2025-04-01', 50),
      subscription('a', '2025-05-01', 0),
    ];
    expect(report(records, 'flow')).toMatchObject([
      { openingArrMinor: 0, contractionArrMinor: 50, churnedArrMinor: 50, nrr: null },
    ]);
  });
});

describe('compounded', () => {
  it('multiplies the NRR of the months, each with its own cohort', () => {
    // Cohorts: November 100 to 110; December 110 + 90 to 220; January 220 to 198.
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-11-15', 110),
      subscription('b', '2025-11-20', 90),
      subscription('b', '2025-12-10', 110),
      subscription('a', '2026-01-20', 88),
    ];
    const [row] = report(records, 'compounded', {
      window: 'P3M',
      asOf: '2026-01-31T23:59:59.999Z',
    });
    expect(row?.nrr).toBeCloseTo((110 / 100) * (220 / 200) * (198 / 220), 12);
    expect(row).toMatchObject({ openingArrMinor: null, closingArrMinor: null, grr: null });
  });

  it('has no ratio where one month has nothing open', () => {
    const records = [subscription('a', '2025-12-15', 100)];
    expect(report(records, 'compounded', { window: 'P1M' })[0]?.nrr).toBe(1);
    expect(report(records, 'compounded', { window: 'P3M' })[0]?.nrr).toBeNull();
    const between = [
      subscription('b', '2025-01-01', 100),
      subscription('b', '2025-11-20', 0),
      ...records,
    ];
    expect(report(between, 'compounded', { window: 'P3M' })[0]?.nrr).toBeNull();
  });

  it('is 0 where a month lost everything', () => {
    const records = [subscription('a', '2025-01-01', 100), subscription('a', '2026-01-15', 0)];
    expect(report(records, 'compounded', { window: 'P3M' })[0]?.nrr).toBe(0);
  });

  it.each(['P90D', '3M'])('refuses the window %s, which is not whole months', (window) => {
    const call = () => report(FOUR, 'compounded', { window });
    expect(codeOf(call)).toBe('usage');
    expect(call).toThrow(`window ${window} with definition compounded; want whole months`);
  });
});

describe('retention by an attribute', () => {
  const moved = [
    subscription('c', '2025-01-01', 10),
    profile('a', '2025-01-01', { segment: 'smb' }),
    profile('a', '2025-08-01', { segment: 'enterprise' }),
    subscription('a', '2025-01-01', 100),
    subscription('a', '2025-08-01', 500),
    profile('b', '2025-01-01', { segment: 'enterprise' }),
    subscription('b', '2025-01-01', 1000),
  ];

  it('counts a customer under its member just before the window, its ARR under the present one', () => {
    expect(report(moved, 'point_to_point', { dimension: 'segment' })).toMatchObject([
      { member: 'enterprise', openingArrMinor: 1000, closingArrMinor: 1000, arrMinor: 1500 },
      { member: 'smb', openingArrMinor: 100, closingArrMinor: 500, nrr: 5, arrMinor: 0 },
      { member: 'unknown', openingArrMinor: 10, arrMinor: 10 },
    ]);
  });

  it.each([
    ['2025-02-01', 'mid'],
    ['2025-02-01T00:00:00.001Z', 'smb'],
  ])(
    'takes the member that holds up to the first instant: changed at %s it is %s',
    (on, member) => {
      const records = [
        subscription('a', '2025-01-01', 100),
        profile('a', '2025-01-01', { segment: 'smb' }),
        profile('a', on, { segment: 'mid' }),
      ];
      const rows = report(records, 'point_to_point', { dimension: 'segment' });
      expect(rows.filter((row) => row.openingCustomers === 1).map((row) => row.member)).toEqual([
        member,
      ]);
    },
  );

  it('takes any attribute, and has no row for a member with nothing to show', () => {
    const rows = report(moved, 'point_to_point', { dimension: 'region', asOf: '2024-01-01' });
    expect(rows).toEqual([]);
  });

  it.each(['flow', 'compounded'] as const)('is refused for %s', (name) => {
    expect(codeOf(() => report(moved, name, { dimension: 'segment' }))).toBe('usage');
  });
});

describe('a sum that is no safe integer any more', () => {
  const euros = testRules({ reportingCurrency: 'EUR', rates: { USD: '10' } });
  const thousand = (from: string, worth: number) =>
    Array.from({ length: 1001 }, (_, index) => subscription(`c${index}`, from, worth));

  it.each([
    ['opening ARR', [...thousand('2025-01-01', 1e12), ...thousand('2025-06-01', 0)]],
    ['present ARR', thousand('2025-06-01', 1e12)],
  ])('stops with an error that names the member: %s', (_, records) => {
    const call = () =>
      retention(euros, foldAll(euros, records), {
        asOf: at('2026-02-01'),
        window: 'P12M',
        definition: DEFINITIONS.point_to_point,
        dimension: 'segment',
      });
    expect(codeOf(call)).toBe('arr_overflow');
    expect(call).toThrow('segment unknown 10010000000000000');
  });
});
