/** The member of any dimension, also one that the policy does not name; `all` has one member. */

import { ALL } from './aggregates.ts';
import type { Customer } from './customer.ts';
import { memberOf, profileAt } from './profile.ts';
import type { Rules } from './rules.ts';

export const memberAt = (
  rules: Rules,
  customer: Customer,
  dimension: string,
  at: number,
): string => (dimension === ALL ? ALL : memberOf(profileAt(rules, customer, at), dimension));
