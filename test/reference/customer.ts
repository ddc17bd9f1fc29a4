/**
 * One customer from the records that arrived for it: which of them stand, where each is applied,
 * and from that ARR and attributes at any instant. Nothing is kept between calls, nothing is
 * updated: every answer is worked out from all records.
 */

import type { Policy } from '@holdfast/domain/policy.ts';
import type {
  ChangeRecord,
  CustomerChanged,
  SubscriptionChanged,
} from '@holdfast/domain/records.ts';
import { horizonEdge } from './calendar.ts';
import {
  type Holdings,
  holderAt,
  holdingsArr,
  type Placed,
  subscriptionHoldings,
  sumHoldings,
} from './holdings.ts';

/** A record as it stood in the log; a list of them is in the order of arrival. */
export interface ArrivedRecord {
  readonly record: ChangeRecord;
  readonly offset: number;
}

export interface Counts {
  /** Effective before the horizon's edge; such a record counts here and nowhere else. */
  readonly tooLate: number;
  /** The same content again under equal (version, recorded_at). */
  readonly duplicates: number;
  /** Other content under equal (version, recorded_at). */
  readonly versionTies: number;
}

export interface Customer {
  readonly customerId: string;
  readonly policy: Policy;
  /** Records by subscription, each list in the order of arrival. */
  readonly subscriptions: readonly (readonly Placed<SubscriptionChanged>[])[];
  /** Records about the customer itself, by source. */
  readonly sources: ReadonlyMap<string, readonly Placed<CustomerChanged>[]>;
  /** Every instant at which ARR may change, ascending. */
  readonly instants: readonly number[];
  readonly counts: Counts;
}

/** What (version, recorded_at) belongs to. */
const subjectOf = (record: ChangeRecord): string =>
  record.type === 'subscription_changed'
    ? JSON.stringify([record.source, record.subscriptionId])
    : JSON.stringify([record.source]);

/** What a record says, without its event_id and without who says it when. */
const contentOf = (record: ChangeRecord): string =>
  record.type === 'subscription_changed'
    ? JSON.stringify([record.effectiveAt, record.status, record.items, record.scheduled])
    : JSON.stringify([record.effectiveAt, record.name, Object.entries(record.attributes).sort()]);

const sameRank = (a: ChangeRecord, b: ChangeRecord): boolean =>
  a.type === b.type &&
  subjectOf(a) === subjectOf(b) &&
  a.version === b.version &&
  a.recordedAt === b.recordedAt;

const groupBy = <T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
};

const isSubscription = (placed: Placed<ChangeRecord>): placed is Placed<SubscriptionChanged> =>
  placed.record.type === 'subscription_changed';

const isClassification = (placed: Placed<ChangeRecord>): placed is Placed<CustomerChanged> =>
  placed.record.type === 'customer_changed';

/** Edges by policy and greatest recorded_at: the same ones are asked for again and again. */
const edges = new WeakMap<Policy, Map<number, number>>();

const edgeOf = (policy: Policy, greatest: number): number => {
  const known = edges.get(policy) ?? new Map<number, number>();
  edges.set(policy, known);
  const edge =
    known.get(greatest) ?? horizonEdge(policy.timeZone, policy.windows, policy.lateness, greatest);
  known.set(greatest, edge);
  return edge;
};

/** One customer's records, in the order of arrival; none of another customer. */
export const customerOf = (
  arrived: readonly ArrivedRecord[],
  policy: Policy,
  keepEverything: boolean,
): Customer => {
  const placed: Placed<ChangeRecord>[] = [];
  let greatest = Number.NEGATIVE_INFINITY;
  let [tooLate, duplicates, versionTies] = [0, 0, 0];
  for (const { record, offset } of arrived) {
    greatest = Math.max(greatest, record.recordedAt);
    const edge = keepEverything ? Number.NEGATIVE_INFINITY : edgeOf(policy, greatest);
    const earlier = placed.find((other) => sameRank(other.record, record));
    // A projection cannot tell a very old duplicate from a very old event, for it forgot both.
    if (record.effectiveAt < edge) tooLate += 1;
    else if (earlier !== undefined && contentOf(earlier.record) === contentOf(record))
      duplicates += 1;
    else if (earlier !== undefined) versionTies += 1;
    if (earlier !== undefined) continue;
    const appliedAt = Math.max(record.effectiveAt, edge);
    placed.push({ record, appliedAt, knownAt: greatest, offset });
  }

  const subscriptions = placed.filter(isSubscription);
  const instants = subscriptions.flatMap(({ record, appliedAt }) => [
    appliedAt,
    ...record.scheduled.map((phase) => Number(phase.effectiveAt)).filter((at) => at > appliedAt),
  ]);
  return {
    customerId: arrived[0]?.record.customerId ?? '',
    policy,
    subscriptions: [...groupBy(subscriptions, ({ record }) => subjectOf(record)).values()],
    sources: groupBy(placed.filter(isClassification), ({ record }) => record.source),
    instants: [...new Set(instants)].sort((a, b) => a - b),
    counts: { tooLate, duplicates, versionTies },
  };
};

/** Every customer of the log, by id. */
export const customersOf = (
  arrived: readonly ArrivedRecord[],
  policy: Policy,
  keepEverything: boolean,
): ReadonlyMap<string, Customer> => {
  const groups = groupBy(arrived, ({ record }) => record.customerId);
  return new Map(
    [...groups].map(([id, records]) => [id, customerOf(records, policy, keepEverything)]),
  );
};

/**
 * The records known at or before `knownAt`: a record became known at the greatest recorded_at of
 * its customer's records so far, its own included.
 */
export const knownRecords = (
  arrived: readonly ArrivedRecord[],
  knownAt: number,
): readonly ArrivedRecord[] => {
  const greatest = new Map<string, number>();
  return arrived.filter(({ record }) => {
    const known = Math.max(greatest.get(record.customerId) ?? record.recordedAt, record.recordedAt);
    greatest.set(record.customerId, known);
    return known <= knownAt;
  });
};

/**
 * Whether the order of arrival may make a difference: a record would be too late if it came last,
 * or two different ones have the same subscription, version and recorded_at.
 */
export const orderMatters = (arrived: readonly ArrivedRecord[], policy: Policy): boolean =>
  [...groupBy(arrived, ({ record }) => record.customerId).values()].some((records) => {
    const greatest = Math.max(...records.map(({ record }) => record.recordedAt));
    const edge = edgeOf(policy, greatest);
    return records.some(
      ({ record }) =>
        record.effectiveAt < edge ||
        records.some(
          (other) =>
            sameRank(record, other.record) && contentOf(record) !== contentOf(other.record),
        ),
    );
  });

/** The products of a customer at `t`, over all subscriptions. */
export const holdingsAt = (customer: Customer, t: number): Holdings =>
  sumHoldings(
    customer.subscriptions.map((events) => subscriptionHoldings(events, t, customer.policy)),
  );

/** ARR(t) in minor units of the reporting currency. */
export const arrAt = (customer: Customer, t: number): bigint =>
  holdingsArr(holdingsAt(customer, t));

/** Whether ARR was above 0 at any instant before `t`. */
export const wasAboveZeroBefore = (customer: Customer, t: number): boolean =>
  customer.instants.some((at) => at < t && arrAt(customer, at) > 0n);

/** What each source says at `t`, the highest ranked source first. */
const statementsAt = (customer: Customer, t: number): CustomerChanged[] => {
  const ranks = customer.policy.sources;
  const listed = ranks.filter((source) => customer.sources.has(source));
  const unlisted = [...customer.sources.keys()].filter((source) => !ranks.includes(source)).sort();
  return [...new Set([...listed, ...unlisted])].map((source) => {
    const placed = customer.sources.get(source) ?? [];
    // The first one in effective order also holds before its effective_at.
    const first = Math.min(...placed.map(({ appliedAt }) => appliedAt));
    const holder = holderAt(placed, Math.max(t, first));
    if (holder === undefined) throw new Error('a source without a statement');
    return holder.record;
  });
};

/** All sources united; on a clash the source that ranks higher wins, even with an empty value. */
export const attributesAt = (customer: Customer, t: number): ReadonlyMap<string, string> => {
  const united = new Map<string, string>();
  for (const { attributes } of statementsAt(customer, t)) {
    for (const [name, value] of Object.entries(attributes)) {
      if (!united.has(name)) united.set(name, value);
    }
  }
  return united;
};

/** The name that the highest ranked source with a name gives. */
export const nameAt = (customer: Customer, t: number): string | null =>
  statementsAt(customer, t).find(({ name }) => name !== null)?.name ?? null;

/** The dimension's member at `t`; without a dimension everybody is `all`. */
export const memberAt = (customer: Customer, dimension: string | null, t: number): string =>
  dimension === null ? 'all' : attributesAt(customer, t).get(dimension) || 'unknown';
