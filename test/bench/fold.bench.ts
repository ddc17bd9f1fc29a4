/**
 * Folds a second of the pure machine on one core, for customers with 1, 5 and 50 steps, and what a
 * stored customer takes. Each figure stands beside the cost of JSON.parse of the same state in the
 * same run, so that two machines can be compared.
 */

import { admit } from '@holdfast/domain/admit.ts';
import { addContribution, emptyAggregates, takeChanged } from '@holdfast/domain/aggregates.ts';
import { changesByRecord } from '@holdfast/domain/changes.ts';
import { type Contribution, contributionOf, dueAfter } from '@holdfast/domain/contribution.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { encodeCustomer } from '@holdfast/domain/customer-state.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import type { SubscriptionChanged } from '@holdfast/domain/records.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { compileRules, momentAt } from '@holdfast/domain/rules.ts';
import { customerId, instant, offset } from '@holdfast/domain/scalars.ts';

const DAY = 86_400_000;
const AS_OF = Date.UTC(2026, 0, 15);
const CUSTOMERS = 20_000;

const rules = compileRules({ ...DEFAULT_POLICY, dimensions: [{ name: 'segment', cap: 50 }] });
const moment = momentAt(rules, AS_OF);

/** The n-th change of a customer; changes of one customer are `spacing` days apart up to the as-of. */
function change(customer: number, version: number, of: number): SubscriptionChanged {
  const at = instant(AS_OF - (of - version) * 7 * DAY - (customer % 1000) * 1000);
  return {
    type: 'subscription_changed',
    eventId: `evt-${customer}-${version}`,
    source: '',
    customerId: customerId(`customer-${customer}`),
    subscriptionId: `sub-${customer}`,
    version,
    recordedAt: at,
    effectiveAt: at,
    status: 'active',
    items: [
      {
        productId: 'core',
        quantity: 1 + (version % 7),
        amountMinor: 1000 * (1 + (version % 7)),
        currency: 'USD',
        interval: 'month',
        intervalCount: 1,
        billing: 'recurring',
      },
    ],
    scheduled: [],
  };
}

function measure(steps: number): void {
  const aggregates = emptyAggregates(rules);
  const before: { customer: Customer; contribution: Contribution }[] = [];
  for (let index = 0; index < CUSTOMERS; index += 1) {
    let customer: Customer | null = null;
    for (let version = 1; version < steps; version += 1) {
      const admitted = admit(rules, change(index, version, steps), AS_OF);
      if (isRejection(admitted)) throw new Error(admitted.message);
      customer = fold(rules, customer, admitted, offset(version), AS_OF).customer;
    }
    if (customer === null) continue;
    const contribution = contributionOf(rules, customer, moment);
    addContribution(aggregates, contribution, 1);
    before.push({ customer, contribution });
  }
  const last = Array.from({ length: CUSTOMERS }, (_, index) => change(index, steps, steps));
  let bytes = 0;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 15; round += 1) {
    const started = performance.now();
    for (let index = 0; index < CUSTOMERS; index += 1) {
      const admitted = admit(rules, last[index] as SubscriptionChanged, AS_OF);
      if (isRejection(admitted)) throw new Error(admitted.message);
      const known = before[index];
      const folded = fold(rules, known?.customer ?? null, admitted, offset(index), AS_OF);
      changesByRecord(rules, known?.customer ?? null, folded, AS_OF);
      const contribution = contributionOf(rules, folded.customer, moment);
      if (known !== undefined) addContribution(aggregates, known.contribution, -1);
      addContribution(aggregates, contribution, 1);
      dueAfter(rules, folded.customer, moment);
      addContribution(aggregates, contribution, -1);
      if (known !== undefined) addContribution(aggregates, known.contribution, 1);
      if (round === 0) bytes += encodeCustomer(folded.customer).length;
    }
    takeChanged(aggregates);
    best = Math.min(best, performance.now() - started);
  }
  console.log(
    `${String(steps).padStart(3)} steps  ${Math.round((CUSTOMERS / best) * 1000)
      .toLocaleString('en')
      .padStart(9)} folds/s  ${(bytes / CUSTOMERS).toFixed(0).padStart(6)} bytes a customer`,
  );
}

for (const steps of [1, 5, 50]) measure(steps);
