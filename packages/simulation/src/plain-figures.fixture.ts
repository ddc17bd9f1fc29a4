/**
 * Retention computed plainly from all records, for tests of the simulation: per instant it looks
 * at every event of every subscription. US dollars and recurring items only, as the default policy.
 */

import type {
  ChangeRecord,
  CustomerChanged,
  Item,
  SubscriptionChanged,
} from '@holdfast/domain/records.ts';

export interface PlainCustomer {
  readonly subscriptions: Map<string, SubscriptionChanged[]>;
  readonly profiles: CustomerChanged[];
}

export type PlainCompany = Map<string, PlainCustomer>;

export const companyOf = (records: Iterable<ChangeRecord>): PlainCompany => {
  const company: PlainCompany = new Map();
  for (const record of records) {
    let customer = company.get(record.customerId);
    if (customer === undefined) {
      customer = { subscriptions: new Map(), profiles: [] };
      company.set(record.customerId, customer);
    }
    if (record.type === 'customer_changed') {
      customer.profiles.push(record);
      continue;
    }
    const known = customer.subscriptions.get(record.subscriptionId);
    if (known === undefined) customer.subscriptions.set(record.subscriptionId, [record]);
    else known.push(record);
  }
  return company;
};

interface Ranked {
  readonly version: number;
  readonly recordedAt: number;
  readonly effectiveAt: number;
}

const inForce = <Event extends Ranked>(events: readonly Event[], at: number): Event | undefined => {
  let best: Event | undefined;
  for (const event of events) {
    if (event.effectiveAt > at) continue;
    const above =
      best === undefined ||
      event.version > best.version ||
      (event.version === best.version && event.recordedAt > best.recordedAt);
    if (above) best = event;
  }
  return best;
};

const MONTHS = { day: 365 / 12, week: 52 / 12, month: 1, year: 1 / 12 } as const;

const arrOf = (items: readonly Item[]): number =>
  items
    .filter(({ billing }) => billing === 'recurring')
    .reduce(
      (sum, item) => sum + (item.amountMinor * 12 * MONTHS[item.interval]) / item.intervalCount,
      0,
    );

/** Minor units a year. */
export const arrAt = ({ subscriptions }: PlainCustomer, at: number): number => {
  let sum = 0;
  for (const events of subscriptions.values()) {
    const event = inForce(events, at);
    if (event === undefined) continue;
    const phase = [event, ...event.scheduled].findLast(({ effectiveAt }) => effectiveAt <= at);
    if (phase?.status === 'active' || phase?.status === 'past_due') sum += arrOf(phase.items);
  }
  return sum;
};

const segmentAt = ({ profiles }: PlainCustomer, at: number): string => {
  const first = profiles.toSorted((a, b) => a.effectiveAt - b.effectiveAt)[0];
  return (inForce(profiles, at) ?? first)?.attributes.segment ?? 'unknown';
};

export interface PlainFigures {
  readonly opening: number;
  readonly nrr: number;
  readonly grr: number;
  readonly logo: number;
  readonly openingCustomers: number;
}

/** Retention from just before `start` to `at`, of one segment or of all. */
export const figures = (
  company: PlainCompany,
  start: number,
  at: number,
  segment?: string,
): PlainFigures => {
  let [opening, closing, kept, openingCustomers, retained] = [0, 0, 0, 0, 0];
  for (const customer of company.values()) {
    const before = arrAt(customer, start - 1);
    if (before === 0 || (segment !== undefined && segmentAt(customer, start - 1) !== segment))
      continue;
    const after = arrAt(customer, at);
    opening += before;
    closing += after;
    kept += Math.min(before, after);
    openingCustomers += 1;
    if (after > 0) retained += 1;
  }
  return {
    opening,
    nrr: closing / opening,
    grr: kept / opening,
    logo: retained / openingCustomers,
    openingCustomers,
  };
};
