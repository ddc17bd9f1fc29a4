/** A contract as the record that a billing system writes of it: the whole state, never a change. */

import type { Item, SubscriptionChanged } from '@holdfast/domain/records.ts';
import type { CustomerId, Instant } from '@holdfast/domain/scalars.ts';
import { amended, type Content, type Contract } from './contract.ts';

const itemsOf = (
  { term, currency }: Contract,
  { status, lines, discount }: Content,
): readonly Item[] =>
  status === 'ended'
    ? []
    : lines.map(({ productId, seats, unitMinor, billing }) => {
        const months = billing === 'one_time' ? 1 : term;
        return {
          productId,
          quantity: seats,
          amountMinor: Math.round((seats * unitMinor * months * (100 - discount)) / 100),
          currency,
          interval: term % 12 === 0 ? 'year' : 'month',
          intervalCount: term % 12 === 0 ? term / 12 : term,
          billing,
        };
      });

/** Phases by instant; what is agreed for the same instant is one phase. */
const phasesOf = (contract: Contract): SubscriptionChanged['scheduled'] => {
  const phases = new Map<Instant, Content>();
  let content = contract.content;
  for (const { at, amendment } of contract.agreed) {
    content = amended(content, amendment);
    phases.set(at, content);
  }
  return [...phases].map(([effectiveAt, phase]) => ({
    effectiveAt,
    status: phase.status,
    items: itemsOf(contract, phase),
  }));
};

/** The contract as it is, as a record that holds from `since` on. */
export const recordOf = (
  contract: Contract,
  customerId: CustomerId,
  eventId: string,
  recordedAt: Instant,
): SubscriptionChanged => ({
  type: 'subscription_changed',
  eventId,
  source: 'billing',
  customerId,
  subscriptionId: contract.subscriptionId,
  version: contract.version,
  recordedAt,
  effectiveAt: contract.since,
  status: contract.content.status,
  items: itemsOf(contract, contract.content),
  scheduled: phasesOf(contract),
});
