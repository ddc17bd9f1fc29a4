import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from './definitions/by-name.ts';
import type { DefinitionName } from './definitions/definition.ts';
import { explain } from './explain.ts';
import { liveRules, tell } from './fold-fixtures.ts';
import type { ChangeRecord } from './records.ts';
import { at, foldAll, item, profile, subscription, testRules } from './report-fixtures.ts';
import { instant } from './scalars.ts';

const rules = testRules();
const explained = (
  records: readonly ChangeRecord[],
  definition: DefinitionName = 'point_to_point',
  dimension = 'all',
) =>
  explain(rules, foldAll(rules, records), {
    asOf: at('2026-02-01'),
    window: 'P12M',
    definition: DEFINITIONS[definition],
    dimension,
  });

describe('explain', () => {
  it('shows the cohort with the greatest difference first, gain or loss', () => {
    const records = [
      subscription('same', '2025-01-01', 10),
      subscription('grew', '2025-01-01', 100),
      subscription('grew', '2025-06-01', 130),
      subscription('left', '2025-01-01', 50),
      subscription('left', '2025-06-01', 0),
      subscription('won', '2025-06-01', 999),
    ];
    expect(explained(records)).toMatchObject([
      { customerId: 'left', opening: 50, churned: 50, closing: 0 },
      { customerId: 'grew', opening: 100, expansion: 30, closing: 130 },
      { customerId: 'same', opening: 10, closing: 10, drivers: [], events: [] },
    ]);
  });

  it('names the events of a swap, each with its part, and sums drivers by product', () => {
    const records = [
      subscription('a', '2025-01-01', [item(120, 'core', 10)], { id: 'old', eventId: 'e1' }),
      subscription('a', '2025-06-01', 0, { id: 'old', eventId: 'e2' }),
      subscription('a', '2025-06-01', [item(198, 'core', 15), item(24, 'reports')], {
        id: 'one',
        eventId: 'e3',
      }),
      subscription('a', '2025-08-01', [item(66, 'core', 5)], { id: 'one', eventId: 'e4' }),
    ];
    const [row] = explained(records);
    expect(row?.events).toEqual([
      {
        eventId: 'e2',
        effectiveAt: at('2025-06-01'),
        recordedAt: at('2025-06-01'),
        movement: 'expansion',
        amountMinor: -120,
      },
      {
        eventId: 'e3',
        effectiveAt: at('2025-06-01'),
        recordedAt: at('2025-06-01'),
        movement: 'expansion',
        amountMinor: 222,
      },
      {
        eventId: 'e4',
        effectiveAt: at('2025-08-01'),
        recordedAt: at('2025-08-01'),
        movement: 'contraction',
        amountMinor: -156,
      },
    ]);
    expect(row?.drivers).toEqual([
      { driver: 'downgrade', productId: 'core', amountMinor: -132 },
      { driver: 'upsell', productId: 'core', amountMinor: 60 },
      { driver: 'cross_sell', productId: 'reports', amountMinor: 24 },
      { driver: 'product_removed', productId: 'reports', amountMinor: -24 },
      { driver: 'price_increase', productId: 'core', amountMinor: 18 },
    ]);
  });

  it('names the event that had agreed on a later phase, at the instant the phase came due', () => {
    const records = [
      subscription('a', '2025-01-01', 100, {
        eventId: 'agreed',
        scheduled: [
          { effectiveAt: instant(at('2025-09-01')), status: 'active', items: [item(60)] },
        ],
      }),
    ];
    expect(explained(records)[0]?.events).toMatchObject([
      { eventId: 'agreed', effectiveAt: at('2025-09-01'), recordedAt: at('2025-01-01') },
    ]);
  });

  it('names the correction, not what it overruled', () => {
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-06-01', 50, { version: at('2025-06-01'), eventId: 'wrong' }),
      subscription('a', '2025-05-01', 80, {
        version: at('2025-07-01'),
        recordedAt: at('2025-07-01'),
        eventId: 'right',
      }),
    ];
    expect(explained(records)[0]?.events).toEqual([
      {
        eventId: 'right',
        effectiveAt: at('2025-05-01'),
        recordedAt: at('2025-07-01'),
        movement: 'contraction',
        amountMinor: -20,
      },
    ]);
  });

  it('leaves out an event that repeated what was, at the instant of a movement', () => {
    const records = [
      subscription('a', '2025-01-01', 100, { id: 'same' }),
      subscription('a', '2025-06-01', 100, { id: 'same' }),
      subscription('a', '2025-06-01', 20, { id: 'new', eventId: 'e' }),
    ];
    expect(explained(records)[0]?.events).toMatchObject([{ eventId: 'e', amountMinor: 20 }]);
  });

  it('orders drivers of one size by name', () => {
    const records = [
      subscription('a', '2025-01-01', [item(10, 'a')]),
      subscription('a', '2025-06-01', [item(20, 'a', 2), item(10, 'b')]),
    ];
    expect(explained(records)[0]?.drivers).toEqual([
      { driver: 'cross_sell', productId: 'b', amountMinor: 10 },
      { driver: 'upsell', productId: 'a', amountMinor: 10 },
    ]);
  });

  it('leaves out an event that changed nothing', () => {
    const records = [subscription('a', '2025-01-01', 100), subscription('a', '2025-06-01', 100)];
    expect(explained(records)[0]?.events).toEqual([]);
  });

  it('shows the name at the as-of and the member just before the window', () => {
    const records = [
      profile('a', '2025-01-01', { segment: 'smb' }, 'Acme'),
      profile('a', '2025-02-01T00:00:00.001Z', { segment: 'mid' }, 'Acme Inc'),
      subscription('a', '2025-01-01', 100),
    ];
    expect(explained(records, 'point_to_point', 'segment')).toMatchObject([
      { name: 'Acme Inc', member: 'smb' },
    ]);
  });

  it('gives each definition its own shares', () => {
    const records = [
      subscription('a', '2025-01-01', 100),
      subscription('a', '2025-06-01', 0),
      subscription('a', '2025-07-01', 120),
    ];
    expect(explained(records, 'no_returners')).toMatchObject([{ churned: 100, closing: 0 }]);
    expect(explained(records, 'path')).toMatchObject([{ expansion: 20, closing: 120, kept: 0 }]);
    expect(explained(records, 'flow')).toMatchObject([{ churned: 100, closing: 0 }]);
  });

  it('has no part for one that was only won in the window, by any definition', () => {
    const records = [subscription('a', '2025-06-01', 100)];
    for (const name of ['point_to_point', 'no_returners', 'path', 'flow'] as const) {
      expect(explained(records, name)).toEqual([]);
    }
  });

  it('refuses a figure that has no shares', () => {
    expect(() => explained([], 'compounded')).toThrow('no shares that add up');
    expect(() => explained([], 'flow', 'segment')).toThrow('for all customers together only');
  });

  it('refuses customers that were folded with a horizon: they do not know their events', () => {
    const live = liveRules();
    const { customer } = tell(live, [
      subscription('acme', '2025-01-01', 100),
      subscription('acme', '2025-06-01', 50),
    ]);
    const query = {
      asOf: at('2026-02-01'),
      window: 'P12M',
      definition: DEFINITIONS.point_to_point,
      dimension: 'all',
    };
    expect(() => explain(live, [customer], query)).toThrow(
      'customer acme was folded with a horizon',
    );
  });

  it('stops with an error that names the driver whose sum is no safe integer any more', () => {
    const most = Array.from({ length: 9000 }, () => item(1e12));
    const months = ['2025-03-01', '2025-04-01', '2025-05-01', '2025-06-01'];
    const records = [
      subscription('a', '2025-01-01', most),
      ...months.map((month, index) => subscription('a', month, index % 2 === 0 ? 0 : most)),
    ];
    expect(() => explained(records)).toThrow(
      'a sum of ARR is beyond safe integers: driver cancellation core -18000000000000000',
    );
  });
});
