/** Who a customer is at an instant: what all its sources say, united. */

import { indexAt } from './chain.ts';
import type { Customer, Phase, Profile, ProfileTimeline } from './customer.ts';
import type { Classification } from './delta.ts';
import type { Rules } from './rules.ts';
import { instant } from './scalars.ts';

/** The member of customers whose attribute is missing or empty. */
export const UNKNOWN_MEMBER = 'unknown';

const NOBODY: Profile = { name: null, attributes: {} };

/** A source's word at an instant; its first one holds before it, too. */
const saidAt = ({ chain }: ProfileTimeline, at: number): Profile =>
  (chain[Math.max(indexAt(chain, at), 0)] as Phase<Profile>).value;

/** Sources from the lowest to the highest: the listed ones above the others, these by name. */
const ranked = (rules: Rules, profiles: readonly ProfileTimeline[]): readonly ProfileTimeline[] => {
  if (profiles.length < 2) return profiles;
  const { sources } = rules.policy;
  const rank = ({ source }: ProfileTimeline): number => {
    const index = sources.indexOf(source);
    return index < 0 ? sources.length : index;
  };
  // They stand by source, and sorting keeps that order among equals.
  return profiles.toReversed().sort((a, b) => rank(b) - rank(a));
};

/** The customer's name and attributes at an instant. */
export function profileAt(rules: Rules, customer: Customer, at: number): Profile {
  const { profiles } = customer;
  if (profiles.length === 0) return NOBODY;
  if (profiles.length === 1) return saidAt(profiles[0] as ProfileTimeline, at);
  let name: string | null = null;
  const attributes = new Map<string, string>();
  for (const profile of ranked(rules, profiles)) {
    const said = saidAt(profile, at);
    name = said.name ?? name;
    for (const [key, value] of Object.entries(said.attributes)) attributes.set(key, value);
  }
  const sorted = [...attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, attributes: Object.fromEntries(sorted) };
}

export function memberOf(profile: Profile, dimension: string): string {
  if (!Object.hasOwn(profile.attributes, dimension)) return UNKNOWN_MEMBER;
  const value = profile.attributes[dimension] as string;
  return value === '' ? UNKNOWN_MEMBER : value;
}

/** Instants at which what is said of the customer may change, ascending; the first is when it starts. */
export function profileInstants({ profiles }: Customer): readonly number[] {
  if (profiles.length === 0) return [];
  const first = Math.min(...profiles.map(({ chain }) => (chain[0] as Phase<Profile>).from));
  const later = profiles.flatMap(({ chain }) =>
    chain.slice(1).map((phase) => phase.from as number),
  );
  return [...new Set([first, ...later])].sort((a, b) => a - b);
}

/**
 * The classifications known at `upTo`, ascending: the first one at once, for it also holds before
 * its effective_at, the others when their time has come. One for each change of the name or of an
 * attribute that is a dimension.
 */
export function classificationsUpTo(
  rules: Rules,
  customer: Customer,
  upTo: number,
): readonly Classification[] {
  const found: Classification[] = [];
  for (const at of profileInstants(customer)) {
    if (at > upTo && found.length > 0) break;
    const now = { effectiveAt: instant(at), ...profileAt(rules, customer, at) };
    const before = found.at(-1);
    if (before === undefined || !sameIdentity(rules, before, now)) found.push(now);
  }
  return found;
}

function sameIdentity(rules: Rules, a: Profile, b: Profile): boolean {
  return (
    a.name === b.name &&
    rules.dimensions.every((dimension) => memberOf(a, dimension) === memberOf(b, dimension))
  );
}

export const sameClassification = (rules: Rules, a: Classification, b: Classification): boolean =>
  a.effectiveAt === b.effectiveAt && sameIdentity(rules, a, b);
