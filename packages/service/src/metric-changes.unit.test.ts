import { type Metric, metricKey, type PartitionProgress } from '@holdfast/contracts/metric.ts';
import type { RetentionRow } from '@holdfast/domain/aggregates.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MetricChange, metricChanges } from './metric-changes.ts';
import { progressRecords, retentionRecords } from './metric-records.ts';

const row = (member: string, openingArrMinor: number): RetentionRow => ({
  kind: 'retention',
  window: 'P1M',
  dimension: 'segment',
  member,
  openingArrMinor,
  expansionArrMinor: 0,
  contractionArrMinor: 0,
  churnedArrMinor: 0,
  closingArrMinor: openingArrMinor,
  openingCustomers: 1,
  retainedCustomers: 1,
});

/** Figures as of an instant: opening ARR by member. */
const figures = (asOf: number, members: Readonly<Record<string, number>>) => {
  const rows = Object.entries(members).map(([member, opening]) => row(member, opening));
  return retentionRecords(
    { asOf, rows, largestLossMinor: new Map(), withoutAttribute: new Map() },
    'USD',
  );
};

const progress = (asOf: number): readonly PartitionProgress[] =>
  progressRecords([null, { nextOffset: asOf, asOf, sequence: -1 }]);

const keysOf = (changes: readonly MetricChange[]): readonly string[] =>
  changes.map(({ key, metric }) => (metric === null ? `${key} removed` : key));

const SMB = 'P1M/segment/smb';

describe('news for retention-metrics', () => {
  it('are all figures at first, then those that changed; progress whenever time moved', () => {
    const changes = metricChanges();
    const first = changes.next(figures(1, { smb: 5, 'mid/market': 7 }), progress(1), 0);
    expect(keysOf(first)).toEqual([SMB, 'P1M/segment/mid%2Fmarket', 'partition/1']);
    const later = changes.next(figures(2, { smb: 5, 'mid/market': 7 }), progress(2), 1_000);
    expect(keysOf(later)).toEqual(['partition/1']);
    const changed = changes.next(figures(3, { smb: 6, 'mid/market': 7 }), progress(3), 2_000);
    expect(keysOf(changed)).toEqual([SMB, 'partition/1']);
    expect(changes.next(figures(3, { smb: 6, 'mid/market': 7 }), progress(3), 3_000)).toEqual([]);
  });

  it('are written once a second for each key, and progress not before the figures', () => {
    const changes = metricChanges();
    changes.next(figures(1, { smb: 5 }), progress(1), 0);
    expect(changes.next(figures(2, { smb: 6 }), progress(2), 999)).toEqual([]);
    expect(keysOf(changes.next(figures(2, { smb: 6 }), progress(2), 1_000))).toHaveLength(2);
  });

  it('remove a member that is gone', () => {
    const changes = metricChanges();
    changes.next(figures(1, { smb: 5, mid: 7 }), progress(1), 0);
    expect(keysOf(changes.next(figures(2, { mid: 7 }), progress(2), 1_000))).toEqual([
      `${SMB} removed`,
      'partition/1',
    ]);
    expect(changes.next(figures(2, { mid: 7 }), progress(2), 2_000)).toEqual([]);
    expect(keysOf(changes.next(figures(3, { smb: 1, mid: 7 }), progress(2), 3_000))).toEqual([SMB]);
  });

  it('are none where another exporter has said it, or something later, or this very second', () => {
    const changes = metricChanges();
    const seen = (asOf: number, opening: number, at: number): void => {
      for (const metric of figures(asOf, { smb: opening })) changes.saw(SMB, metric, at);
    };
    seen(5, 50, 0);
    expect(changes.next(figures(4, { smb: 40 }), progress(4), 1_000)).toEqual([]);
    expect(keysOf(changes.next(figures(6, { smb: 50 }), [], 1_000))).toEqual([]);
    seen(7, 70, 2_000);
    expect(changes.next(figures(8, { smb: 80 }), progress(8), 2_500)).toEqual([]);
    // Read again, as its own writer does, it is as old as it was.
    seen(7, 70, 2_999);
    expect(keysOf(changes.next(figures(8, { smb: 80 }), progress(8), 3_000))).toHaveLength(2);
    // Time may go back for good, as where a simulated company starts anew.
    seen(9, 90, 4_000);
    expect(changes.next(figures(2, { smb: 20 }), [], 63_999)).toEqual([]);
    expect(keysOf(changes.next(figures(2, { smb: 20 }), [], 64_000))).toEqual([SMB]);
  });

  it('replace what can not be read', () => {
    const changes = metricChanges();
    changes.saw(SMB, null, 0);
    changes.saw('something/else', null, 0);
    expect(keysOf(changes.next(figures(1, { smb: 5 }), [], 1_000))).toEqual([SMB]);
  });

  it('end in the newest figures, however the rounds of several exporters interleave', () => {
    const moves = fc.array(
      fc.record({
        who: fc.nat(2),
        what: fc.constantFrom('look', 'read', 'write'),
        ms: fc.nat(900),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(moves, (order) => {
        const topic: MetricChange[] = [];
        let at = 0;
        const exporters = [0, 1, 2].map(() => {
          const changes = metricChanges();
          let readTo = 0;
          let looked = { asOf: 0, figures: figures(0, {}) as readonly Metric[] };
          return {
            look: () => {
              looked = { asOf: at, figures: figures(at, { smb: at % 5, [`m${at % 3}`]: 1 }) };
            },
            read: () => {
              for (const { key, metric } of topic.slice(readTo)) changes.saw(key, metric, at);
              readTo = topic.length;
            },
            write: () => {
              topic.push(...changes.next(looked.figures, progress(looked.asOf), at));
            },
          };
        });
        for (const { who, what, ms } of order) {
          at += ms;
          exporters[who]![what]();
        }
        const last = at;
        const wanted = figures(last, { smb: last % 5, [`m${last % 3}`]: 1 });
        for (let round = 0; round < 3; round += 1) {
          for (const exporter of exporters) {
            if (round === 0) exporter.look();
            exporter.read();
            exporter.write();
          }
          at += 1_000;
        }
        const compacted = new Map(topic.map(({ key, metric }) => [key, metric]));
        const told = [...compacted.values()].filter((metric) => metric !== null);
        const retention = told.filter(({ type }) => type === 'retention_metric');
        const same = (metrics: readonly Metric[]) =>
          metrics.map((metric) => [metricKey(metric), JSON.stringify({ ...metric, asOf: 0 })]);
        expect(new Map(same(retention) as [string, string][])).toEqual(
          new Map(same(wanted) as [string, string][]),
        );
        expect(compacted.get('partition/1')).toMatchObject({ asOf: last });
      }),
    );
  });
});
