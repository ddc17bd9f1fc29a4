/**
 * What the simulated company consists of, and how it speaks: every record goes through `write...`
 * here, where some are delivered late or twice, as billing systems do.
 */

import type { ChangeRecord } from '@holdfast/domain/records.ts';
import { type CustomerId, customerId, type Instant } from '@holdfast/domain/scalars.ts';
import type { Agenda } from './agenda.ts';
import { later } from './calendar.ts';
import type { Contract } from './contract.ts';
import { recordOf } from './contract-record.ts';
import type { Random } from './random.ts';
import type { Region, Segment, SimulatedCurrency } from './segments.ts';

export interface SimulatedCustomer {
  readonly customerId: CustomerId;
  readonly name: string;
  readonly region: Region;
  segment: Segment;
  owner: string | null;
  crmVersion: number;
  /** The first is the platform; add-ons may have one of their own. Empty: the customer is gone. */
  contracts: readonly Contract[];
}

/** Something planned for a contract; it does not happen when the contract is not in force any more. */
interface Planned<Kind extends string> {
  readonly kind: Kind;
  readonly customer: SimulatedCustomer;
  readonly contract: Contract;
}

export type Task =
  | { readonly kind: 'import'; readonly left: number }
  | { readonly kind: 'signup' }
  | Planned<'occasion' | 'review' | 'reconsider' | 'left' | 'paid_or_not' | 'trial_lost'>
  /** The seats that were meant, and the version that got them wrong. */
  | (Planned<'correct'> & { readonly seats: number; readonly version: number })
  | { readonly kind: 'return'; readonly customer: SimulatedCustomer; readonly seats: number }
  | { readonly kind: 'deliver'; readonly record: ChangeRecord };

export interface World {
  readonly random: Random;
  readonly agenda: Agenda<Task>;
  /** New customers a day. */
  readonly signups: number;
  readonly currencies: readonly SimulatedCurrency[];
  /** Records of the task in hand, in order. */
  readonly said: ChangeRecord[];
  readonly counts: { customers: number; contracts: number; events: number };
}

/** What becomes of one contract of a customer at an instant. */
export type Happening = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  now: Instant,
) => void;

/** Share of records that their source delivers days late, and share delivered twice. */
const LATE = 0.008;
const TWICE = 0.005;

const deliver = (world: World, now: Instant, record: ChangeRecord, late: number): void => {
  if (world.random.chance(late)) {
    const at = later(now, world.random.within(1, 6));
    world.agenda.plan(at, { kind: 'deliver', record: { ...record, recordedAt: at } });
    return;
  }
  world.said.push(record);
  if (world.random.chance(TWICE)) world.said.push(record);
};

const nextEventId = ({ counts }: World): string => {
  counts.events += 1;
  return `evt_${counts.events}`;
};

/** Says what a contract is since `contract.since`; `late` is the chance that it is told days later. */
export const writeContract = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  now: Instant,
  late = LATE,
): void => {
  contract.version += 1;
  const record = recordOf(contract, customer.customerId, nextEventId(world), now);
  deliver(world, now, record, late);
};

const PLANS: Readonly<Record<Segment, string>> = {
  enterprise: 'enterprise',
  'mid-market': 'growth',
  smb: 'starter',
};

/** Says who a customer is from now on; one in ten is entered some days after it signed. */
export const writeCustomer = (world: World, customer: SimulatedCustomer, now: Instant): void => {
  customer.crmVersion += 1;
  const { segment, region, owner } = customer;
  const record: ChangeRecord = {
    type: 'customer_changed',
    eventId: nextEventId(world),
    source: 'crm',
    customerId: customer.customerId,
    version: customer.crmVersion,
    recordedAt: now,
    effectiveAt: now,
    name: customer.name,
    attributes: { segment, region, plan: PLANS[segment], ...(owner === null ? {} : { owner }) },
  };
  deliver(world, now, record, customer.crmVersion === 1 ? 0.1 : LATE);
};

export const newCustomerId = ({ counts }: World): CustomerId => {
  counts.customers += 1;
  return customerId(`cus_${counts.customers}`);
};

export const newContractId = ({ counts }: World): string => {
  counts.contracts += 1;
  return `sub_${counts.contracts}`;
};
