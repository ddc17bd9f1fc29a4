/**
 * Customers for the tests of reports, folded from short words for records. Tests only; nothing
 * that runs imports it.
 */

import { admit } from './admit.ts';
import type { Customer } from './customer.ts';
import { fold } from './fold.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import type { ChangeRecord, Item, SubscriptionPhase } from './records.ts';
import { isRejection } from './rejection.ts';
import { compileRules, type Rules } from './rules.ts';
import { customerId, instant, offset } from './scalars.ts';

/** UTC, everything kept. */
export const testRules = (policy: Partial<Policy> = {}): Rules =>
  compileRules({ ...DEFAULT_POLICY, ...policy }, { keepAll: true });

export const at = (iso: string): number => Date.parse(iso.includes('T') ? iso : `${iso}T00:00:00Z`);

/** A product at so much a year, in cents. */
export const item = (amountMinor: number, productId = 'core', quantity = 1): Item => ({
  productId,
  quantity,
  amountMinor,
  currency: 'USD',
  interval: 'year',
  intervalCount: 1,
  billing: 'recurring',
});

const FAR = 253_402_300_799_999;

/** Folds records, in order of arrival, into their customers. */
export function foldAll(rules: Rules, records: readonly ChangeRecord[]): readonly Customer[] {
  const customers = new Map<string, Customer>();
  records.forEach((record, index) => {
    const admitted = admit(rules, record, FAR);
    if (isRejection(admitted)) throw new Error(admitted.message);
    const before = customers.get(record.customerId) ?? null;
    const { customer } = fold(rules, before, admitted, offset(index), FAR);
    customers.set(record.customerId, customer);
  });
  return [...customers.values()];
}

/** A subscription from an instant on: so many cents a year, or items; nothing at all: ended. */
export const subscription = (
  customer: string,
  from: string | number,
  worth: number | readonly Item[],
  more: {
    readonly id?: string;
    readonly version?: number;
    readonly eventId?: string;
    readonly recordedAt?: number;
    readonly scheduled?: readonly SubscriptionPhase[];
  } = {},
): ChangeRecord => {
  const effectiveAt = instant(typeof from === 'string' ? at(from) : from);
  const id = more.id ?? 's';
  const items = typeof worth === 'number' ? (worth === 0 ? [] : [item(worth)]) : worth;
  return {
    type: 'subscription_changed',
    eventId: more.eventId ?? `${customer}/${id}/${from}`,
    source: '',
    customerId: customerId(customer),
    subscriptionId: id,
    version: more.version ?? effectiveAt,
    recordedAt: instant(more.recordedAt ?? effectiveAt),
    effectiveAt,
    status: items.length === 0 ? 'ended' : 'active',
    items,
    scheduled: more.scheduled ?? [],
  };
};

/** A customer's name and attributes from an instant on. */
export const profile = (
  customer: string,
  from: string | number,
  attributes: Readonly<Record<string, string>>,
  name: string | null = null,
): ChangeRecord => {
  const effectiveAt = instant(typeof from === 'string' ? at(from) : from);
  return {
    type: 'customer_changed',
    eventId: `${customer}/profile/${from}`,
    source: '',
    customerId: customerId(customer),
    version: effectiveAt,
    recordedAt: effectiveAt,
    effectiveAt,
    name,
    attributes,
  };
};
