import { policyHash } from '@holdfast/config/policy-hash.ts';
import { DEFAULT_POLICY, type Policy } from '@holdfast/domain/policy.ts';
import type { PartitionMeta, PartitionView } from '@holdfast/pipeline/ports.ts';
import { describe, expect, it } from 'vitest';
import { figuresReader, type Look } from './figures.ts';

const NOW = Date.UTC(2026, 0, 1);
const policy: Policy = { ...DEFAULT_POLICY, dimensions: [{ name: 'segment', cap: 1 }] };

const view = (
  partition: number,
  meta: Partial<PartitionMeta> = {},
  rest: Partial<PartitionView> = {},
): PartitionView => ({
  partition,
  meta: {
    incarnation: 'cluster/2/digest',
    policyHash: policyHash(policy),
    epoch: 1,
    commitNumber: 1,
    commitId: 'id',
    boundary: { nextOffset: 10, asOf: NOW },
    firstDue: null,
    nextSequence: 3,
    publishedCommit: 1,
    output: { deltaOffset: 3, deadLetterOffset: 0 },
    caughtUp: true,
    inputEnd: 10,
    lastRecordAt: NOW - 1000,
    ...meta,
  },
  aggregates: new Map([['arr/all/all', '100,1']]),
  counters: new Map([['events:applied', 10]]),
  largestLosses: new Map(),
  ...rest,
});

/** One look after another; the last one again and again. */
const looking = (
  looks: readonly (readonly (PartitionView | null)[])[],
  { simulated = false, passes = 0 } = {},
): { look: () => Promise<Look>; reads: () => number } => {
  let reads = 0;
  let now = NOW;
  const look = figuresReader({
    generation: '2',
    policy,
    reader: {
      readViews: async () => {
        const views = looks[Math.min(reads, looks.length - 1)] ?? [];
        reads += 1;
        return views;
      },
    },
    clock: {
      simulated,
      now: () => now,
      wait: async () => {
        now += passes;
      },
    },
  });
  return { look, reads: () => reads };
};

const soon = { boundary: { nextOffset: 10, asOf: NOW - 5 }, firstDue: NOW };

describe('what a scrape shows', () => {
  it('is the sum of all partitions at the greatest as-of, with counters and lag', async () => {
    const { look } = looking([
      [
        view(0, { boundary: { nextOffset: 10, asOf: NOW - 5 }, firstDue: NOW + 1 }),
        view(1, { inputEnd: 14, lastRecordAt: NOW - 7 }),
      ],
    ]);
    expect(await look()).toEqual({
      missing: null,
      snapshot: {
        currency: 'USD',
        generation: '2',
        figures: {
          asOf: NOW,
          rows: [{ kind: 'arr', dimension: 'all', member: 'all', arrMinor: 200, customers: 2 }],
          largestLossMinor: new Map(),
          withoutAttribute: new Map([['segment', 0]]),
        },
        lastRecordAt: NOW - 7,
        lagByPartition: new Map([
          [0, 0],
          [1, 4],
        ]),
        counters: new Map([['events:applied', 20]]),
        deltasPublished: 6,
      },
    });
  });

  it('names members over all partitions, not in each', async () => {
    const rows = (of: Record<string, string>) => ({ aggregates: new Map(Object.entries(of)) });
    const { look } = looking([
      [
        view(0, {}, rows({ 'arr/segment/smb': '6,1', 'arr/segment/enterprise': '5,1' })),
        view(1, {}, rows({ 'arr/segment/unknown': '6,1', 'arr/segment/enterprise': '5,1' })),
      ],
    ]);
    const { snapshot } = await look();
    expect(snapshot.figures?.withoutAttribute).toEqual(new Map([['segment', 1]]));
    expect(snapshot.figures?.rows).toEqual([
      { kind: 'arr', dimension: 'segment', member: 'enterprise', arrMinor: 10, customers: 2 },
      { kind: 'arr', dimension: 'segment', member: 'other', arrMinor: 12, customers: 2 },
    ]);
  });

  it('has the greatest loss over all partitions', async () => {
    const losing = (of: Record<string, number>) => ({ largestLosses: new Map(Object.entries(of)) });
    const { look } = looking([
      [view(0, {}, losing({ P1M: 5, P3M: 7 })), view(1, {}, losing({ P1M: 6 })), view(2)],
    ]);
    expect((await look()).snapshot.figures?.largestLossMinor).toEqual(
      new Map([
        ['P1M', 6],
        ['P3M', 7],
      ]),
    );
  });

  it('has counters and lag but no figures while a partition was never claimed', async () => {
    const { look } = looking([[view(0), null]]);
    const { snapshot, missing } = await look();
    expect(missing).toBe('partition 1 was never claimed');
    expect(snapshot).toMatchObject({ figures: null, deltasPublished: 3, lastRecordAt: NOW - 1000 });
    expect([...snapshot.lagByPartition]).toEqual([[0, 0]]);
  });

  it('looks again while a partition is about to move on, and shows the whole sum then', async () => {
    const { look, reads } = looking([
      [view(0, soon), view(1)],
      [view(0), view(1)],
    ]);
    expect((await look()).missing).toBeNull();
    expect(reads()).toBe(2);
  });

  it('keeps the last whole sum while partitions move on for longer, but no minute long', async () => {
    const whole = [
      view(0, { boundary: { nextOffset: 10, asOf: NOW - 40_000 } }),
      view(1, { boundary: { nextOffset: 10, asOf: NOW - 40_000 } }),
    ];
    const { look } = looking([whole, [view(0, soon), view(1)]], { passes: 2_000 });
    expect((await look()).snapshot.figures?.asOf).toBe(NOW - 40_000);
    // Some ten waits of two seconds: the sum is 58 s old.
    expect((await look()).snapshot.figures?.asOf).toBe(NOW - 40_000);
    expect(await look()).toMatchObject({
      missing: 'partitions are moving on in time',
      snapshot: { figures: null },
    });
  });

  it('forgets the last whole sum once figures can not be known', async () => {
    const moving = [view(0, soon), view(1)];
    const { look } = looking([[view(0), view(1)], [view(0, { caughtUp: false })], moving]);
    await look();
    await look();
    expect((await look()).missing).toBe('partitions are moving on in time');
  });

  it('has no figures where a partition is old, unless time is simulated', async () => {
    const old = [view(0, { boundary: { nextOffset: 10, asOf: NOW - 60_001 } })];
    expect((await looking([old]).look()).missing).toMatch(/has not moved/);
    expect((await looking([old], { simulated: true }).look()).missing).toBeNull();
  });

  it('has no figures where a partition is kept by another policy', async () => {
    const { look } = looking([[view(0), view(1, { policyHash: 'another' })]]);
    expect((await look()).missing).toBe(
      'partition 1 is kept by another policy or version of the fold',
    );
  });
});
