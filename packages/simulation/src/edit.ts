/** How a contract is edited: at once, or at the end of what is paid for. Every edit is a record. */

import type { Instant } from '@holdfast/domain/scalars.ts';
import { nextPeriod } from './calendar.ts';
import { type Amendment, agree, amended, type Contract, settle } from './contract.ts';
import { type SimulatedCustomer, type World, writeContract } from './world.ts';

/** The contract is another from now on, or from an earlier instant. */
export const change = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  now: Instant,
  amendment: Amendment,
  { since = now, late }: { readonly since?: Instant; readonly late?: number } = {},
): void => {
  settle(contract, now);
  contract.content = amended(contract.content, amendment);
  contract.since = since;
  writeContract(world, customer, contract, now, late);
};

/** The contract will be another at the end of the period that is paid for. */
export const changeAtPeriodEnd = (
  world: World,
  customer: SimulatedCustomer,
  contract: Contract,
  now: Instant,
  amendment: Amendment,
): void => {
  agree(contract, nextPeriod(contract.anchor, contract.term, now), amendment);
  contract.since = now;
  writeContract(world, customer, contract, now);
};

export const seatsOf = ({ content }: Contract): number => content.lines[0]?.seats ?? 0;

/** Chance of a record to come so late that the version after it may be there first. */
export const OVERTAKEN = 0.2;
