/**
 * What a scrape shows, from one look at all partitions: whole or absent. While a partition is about
 * to move on in time it looks again a few times, and then keeps the last whole sum with its as-of
 * for as long as a sum may be old. Never mixes two looks.
 */

import { policyHash } from '@holdfast/config/policy-hash.ts';
import type { AggregateRow } from '@holdfast/domain/aggregates.ts';
import { nameMembers } from '@holdfast/domain/members.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import { UNKNOWN_MEMBER } from '@holdfast/domain/profile.ts';
import type { Clock, PartitionView, ProjectionReader } from '@holdfast/pipeline/ports.ts';
import {
  MAX_AGE_MS,
  type RetentionSnapshot,
  type SnapshotState,
  snapshotOf,
} from '@holdfast/pipeline/snapshot.ts';
import type { MetricsSnapshot, RetentionFigures } from '@holdfast/telemetry/snapshot.ts';

export interface FiguresOptions {
  /** What `reader` reads. */
  readonly generation: string;
  readonly reader: Pick<ProjectionReader, 'readViews'>;
  readonly policy: Policy;
  readonly clock: Clock;
}

export interface Look {
  readonly snapshot: MetricsSnapshot;
  /** Why there are no figures; null where there are. */
  readonly missing: string | null;
}

/** Looks at a partition that moves on in time; together longer than processors wait to do so. */
const LOOKS = 10;
const LOOK_AGAIN_MS = 100;

/** A way to look; it remembers the last whole sum. Looking throws what the reader throws. */
export const figuresReader = ({
  generation,
  reader,
  policy,
  clock,
}: FiguresOptions): (() => Promise<Look>) => {
  const hash = policyHash(policy);
  let last: RetentionSnapshot | null = null;

  /** In a simulated time a minute is no measure of how old a sum is, so nothing is too old. */
  const now = (): number => (clock.simulated ? Number.NEGATIVE_INFINITY : clock.now());

  const stateOf = (views: readonly (PartitionView | null)[]): SnapshotState => {
    const other = views.find((view) => view !== null && view.meta.policyHash !== hash);
    if (other === undefined || other === null) return snapshotOf(views, now());
    return {
      kind: 'unknown',
      why: `partition ${other.partition} is kept by another policy or version of the fold`,
    };
  };

  const settle = (state: SnapshotState): RetentionSnapshot | string => {
    switch (state.kind) {
      case 'whole':
        last = state.snapshot;
        return last;
      case 'moving':
        return last !== null && now() - last.asOf <= MAX_AGE_MS
          ? last
          : 'partitions are moving on in time';
      case 'unknown':
        last = null;
        return state.why;
    }
  };

  const figuresOf = ({ asOf, rows, largestLosses }: RetentionSnapshot): RetentionFigures => ({
    asOf,
    rows: nameMembers(rows, policy.dimensions),
    largestLossMinor: largestLosses,
    withoutAttribute: withoutAttribute(rows, policy),
  });

  return async () => {
    let views = await reader.readViews();
    let state = stateOf(views);
    for (let looks = 1; state.kind === 'moving' && looks < LOOKS; looks += 1) {
      await clock.wait(LOOK_AGAIN_MS);
      views = await reader.readViews();
      state = stateOf(views);
    }
    const settled = settle(state);
    const figures = typeof settled === 'string' ? null : figuresOf(settled);
    return {
      snapshot: { currency: policy.reportingCurrency, generation, figures, ...totalsOf(views) },
      missing: typeof settled === 'string' ? settled : null,
    };
  };
};

/** Before members are named: the customers without an attribute may be too few to be named. */
export const withoutAttribute = (
  rows: readonly AggregateRow[],
  { dimensions }: Policy,
): ReadonlyMap<string, number> => {
  const unknown = new Map(dimensions.map(({ name }) => [name, 0]));
  for (const row of rows) {
    if (row.kind !== 'arr' || row.member !== UNKNOWN_MEMBER) continue;
    if (unknown.has(row.dimension)) unknown.set(row.dimension, row.customers);
  }
  return unknown;
};

/** What stands beside the figures; known as soon as any partition is. */
const totalsOf = (
  views: readonly (PartitionView | null)[],
): Omit<MetricsSnapshot, 'currency' | 'generation' | 'figures'> => {
  const known = views.filter((view) => view !== null);
  const counters = new Map<string, number>();
  for (const view of known) {
    for (const [name, value] of view.counters) {
      counters.set(name, (counters.get(name) ?? 0) + value);
    }
  }
  return {
    counters,
    lastRecordAt:
      known.reduce((latest, { meta }) => Math.max(latest, meta.lastRecordAt), 0) || null,
    lagByPartition: new Map(
      known.map(({ partition, meta }) => [partition, meta.inputEnd - meta.boundary.nextOffset]),
    ),
    deltasPublished: known.reduce((sum, { meta }) => sum + meta.nextSequence, 0),
  };
};
