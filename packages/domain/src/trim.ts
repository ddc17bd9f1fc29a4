/** Drops what can't matter any more: phases that ended before the steps that are kept. */

import type { Chain, Customer, Phase, Profile, ProfileTimeline } from './customer.ts';
import type { Classification } from './delta.ts';
import { keptFrom } from './horizon.ts';
import { classificationsUpTo } from './profile.ts';
import type { Rules } from './rules.ts';
import { type Instant, instant } from './scalars.ts';
import { stepsOf } from './steps.ts';

/** What is left of each chain begins with the phase that holds just before what is kept. */
export function trim(rules: Rules, customer: Customer): Customer {
  const { subscriptions, profiles } = customer;
  if (!hasPast(subscriptions) && !hasPast(profiles)) return customer;
  const kept = keptFrom(rules, customer.knownAt);
  const trimmed = trimChains(subscriptions, kept);
  const trimmedProfiles = trimProfiles(rules, customer, kept);
  if (trimmed === subscriptions && trimmedProfiles === profiles) return customer;
  return {
    ...customer,
    firstPaidAt:
      trimmed === subscriptions || customer.firstPaidAt !== null
        ? customer.firstPaidAt
        : firstPaidBefore(customer, kept),
    subscriptions: trimmed,
    steps: trimmed === subscriptions ? customer.steps : stepsOf(customer.id, trimmed),
    profiles: trimmedProfiles,
  };
}

/** A chain of one phase has nothing to drop. */
function hasPast(timelines: readonly { readonly chain: Chain<unknown> }[]): boolean {
  for (const { chain } of timelines) if (chain.length > 1) return true;
  return false;
}

function firstPaidBefore(customer: Customer, kept: number): Instant | null {
  const first = customer.steps.at[0];
  return first !== undefined && first < kept ? instant(first) : null;
}

/**
 * What is left begins with the classification that holds just before what is kept, at the instant
 * at which it was said: deltas that take it back must find it there.
 */
function trimProfiles(rules: Rules, customer: Customer, kept: number): readonly ProfileTimeline[] {
  const trimmed = trimChains(customer.profiles, kept);
  if (trimmed === customer.profiles) return trimmed;
  const held = classificationsUpTo(rules, customer, kept - 1).at(-1) as Classification;
  return trimmed.map((one) => {
    const first = one.chain[0] as Phase<Profile>;
    if (first.from >= kept) return one;
    return { ...one, chain: one.chain.with(0, { ...first, from: held.effectiveAt }) };
  });
}

/** The list itself when nothing in it is dropped, so that what was computed from it stays known. */
function trimChains<Timeline extends { readonly chain: Chain<unknown> }>(
  timelines: readonly Timeline[],
  kept: number,
): readonly Timeline[] {
  if (!dropsAny(timelines, kept)) return timelines;
  return timelines.map((one) => ({ ...one, chain: one.chain.slice(dropsOf(one.chain, kept)) }));
}

function dropsAny(timelines: readonly { readonly chain: Chain<unknown> }[], kept: number): boolean {
  for (const { chain } of timelines) if (dropsOf(chain, kept) > 0) return true;
  return false;
}

function dropsOf(chain: Chain<unknown>, kept: number): number {
  let drops = 0;
  while (drops + 1 < chain.length && (chain[drops + 1] as Phase<unknown>).from < kept) drops += 1;
  return drops;
}
