/**
 * The waterfall by period, as `holdfast movements --json` shows it: opening, what came and went,
 * closing. Netted: a customer's opening against its closing. Gross: every step inside.
 */

import type { MovementKind } from '@holdfast/domain/delta.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import { periodEdges } from './calendar.ts';
import { arrAt, type Customer, memberAt, wasAboveZeroBefore } from './customer.ts';
import { minor } from './fraction.ts';
import { movementAmount, movementsOf } from './movements.ts';

/** Money in minor units, losses positive; counts are customers, each once a kind and period. */
export interface PeriodRow {
  readonly from: number;
  readonly to: number;
  readonly dimension: string;
  readonly member: string;
  readonly openingArrMinor: number;
  readonly newArrMinor: number;
  readonly reactivationArrMinor: number;
  readonly expansionArrMinor: number;
  readonly contractionArrMinor: number;
  readonly churnedArrMinor: number;
  readonly closingArrMinor: number;
  readonly newCustomers: number;
  readonly reactivatedCustomers: number;
  readonly expandedCustomers: number;
  readonly contractedCustomers: number;
  readonly churnedCustomers: number;
}

export interface PeriodsCall {
  readonly from: number;
  readonly to: number;
  readonly every: string;
  readonly by?: string;
  readonly gross?: boolean;
}

interface Flow {
  readonly kind: MovementKind;
  /** Above 0, also for losses. */
  readonly amount: bigint;
}

const grossFlows = (customer: Customer, from: number, to: number): Flow[] =>
  movementsOf(customer)
    .filter(({ effectiveAt }) => effectiveAt >= from && effectiveAt < to)
    .map((movement) => ({
      kind: movement.movement,
      amount: BigInt(Math.abs(movementAmount(movement))),
    }));

const nettedFlow = (customer: Customer, from: number, opening: bigint, closing: bigint): Flow[] => {
  if (opening === closing) return [];
  if (opening === 0n) {
    // First time above 0 inside the period is new, also where ARR fell to 0 again meanwhile.
    const kind = wasAboveZeroBefore(customer, from) ? 'reactivation' : 'new';
    return [{ kind, amount: closing }];
  }
  if (closing === 0n) return [{ kind: 'churn', amount: opening }];
  return closing > opening
    ? [{ kind: 'expansion', amount: closing - opening }]
    : [{ kind: 'contraction', amount: opening - closing }];
};

interface CustomerPeriod {
  readonly member: string;
  readonly opening: bigint;
  readonly closing: bigint;
  readonly flows: readonly Flow[];
}

const customerPeriod = (
  customer: Customer,
  from: number,
  to: number,
  dimension: string | null,
  gross: boolean,
): CustomerPeriod => {
  const [opening, closing] = [arrAt(customer, from - 1), arrAt(customer, to - 1)];
  return {
    // Just before `from`; just before `to` for a customer without ARR then.
    member: memberAt(customer, dimension, opening > 0n ? from - 1 : to - 1),
    opening,
    closing,
    flows: gross ? grossFlows(customer, from, to) : nettedFlow(customer, from, opening, closing),
  };
};

const rowOf = (
  from: number,
  to: number,
  dimension: string,
  member: string,
  customers: readonly CustomerPeriod[],
): PeriodRow => {
  const total = (of: (customer: CustomerPeriod) => bigint): number =>
    minor(customers.reduce((sum, customer) => sum + of(customer), 0n));
  const amount = (kind: MovementKind): number =>
    total(({ flows }) =>
      flows.filter((flow) => flow.kind === kind).reduce((sum, flow) => sum + flow.amount, 0n),
    );
  const count = (kind: MovementKind): number =>
    customers.filter(({ flows }) => flows.some((flow) => flow.kind === kind)).length;
  return {
    from,
    to,
    dimension,
    member,
    openingArrMinor: total(({ opening }) => opening),
    newArrMinor: amount('new'),
    reactivationArrMinor: amount('reactivation'),
    expansionArrMinor: amount('expansion'),
    contractionArrMinor: amount('contraction'),
    churnedArrMinor: amount('churn'),
    closingArrMinor: total(({ closing }) => closing),
    newCustomers: count('new'),
    reactivatedCustomers: count('reactivation'),
    expandedCustomers: count('expansion'),
    contractedCustomers: count('contraction'),
    churnedCustomers: count('churn'),
  };
};

/** One row a period; with `by` one for each member with anything to show in it, by name. */
export const periodRows = (
  customers: readonly Customer[],
  policy: Policy,
  { from, to, every, by, gross = false }: PeriodsCall,
): PeriodRow[] => {
  const edges = periodEdges(policy.timeZone, from, to, every);
  return edges.slice(1).flatMap((end, index) => {
    const start = edges[index]!;
    const all = customers.map((customer) =>
      customerPeriod(customer, start, end, by ?? null, gross),
    );
    if (by === undefined) return [rowOf(start, end, 'all', 'all', all)];
    const shown = all.filter(
      ({ opening, closing, flows }) => opening > 0n || closing > 0n || flows.length > 0,
    );
    return [...new Set(shown.map(({ member }) => member))].sort().map((member) =>
      rowOf(
        start,
        end,
        by,
        member,
        shown.filter((customer) => customer.member === member),
      ),
    );
  });
};
