/**
 * Records folded one by one as a live projection folds them, with a horizon, and what each of them
 * made it say. Tests only; nothing that runs imports it.
 */

import { type Admitted, admit } from './admit.ts';
import { type Change, changesByRecord } from './changes.ts';
import type { Customer } from './customer.ts';
import { type Folded, type FoldResult, fold } from './fold.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import type { ChangeRecord } from './records.ts';
import { isRejection } from './rejection.ts';
import { at } from './report-fixtures.ts';
import { compileRules, type Rules } from './rules.ts';
import { offset } from './scalars.ts';

/** UTC, windows of up to twelve months, ninety days of lateness. */
export const liveRules = (policy: Partial<Policy> = {}): Rules =>
  compileRules({ ...DEFAULT_POLICY, ...policy });

/** Later than every record of these tests. */
export const LATER = at('2030-01-01');

export function admitted(rules: Rules, record: ChangeRecord): Admitted {
  const taken = admit(rules, record, LATER);
  if (isRejection(taken)) throw new Error(taken.message);
  return taken;
}

export interface Told {
  readonly customer: Customer;
  readonly results: readonly FoldResult[];
  /** What each record made the projection say. */
  readonly said: readonly (readonly string[])[];
}

/** Records of one customer in the order of arrival, offsets 0, 1, 2, ..., folded at one as-of. */
export function tell(rules: Rules, records: readonly ChangeRecord[], asOf: number = LATER): Told {
  let customer: Customer | null = null;
  const results: FoldResult[] = [];
  const said: (readonly string[])[] = [];
  records.forEach((record, index) => {
    const folded: Folded = fold(rules, customer, admitted(rules, record), offset(index), asOf);
    said.push(changesByRecord(rules, customer, folded, asOf).map(inWords));
    results.push(folded.result);
    customer = folded.customer;
  });
  if (customer === null) throw new Error('no record, no customer');
  return { customer, results, said };
}

/** `+` asserts, `-` retracts; a movement with ARR on both sides, a classification with its words. */
export function inWords(change: Change): string {
  const sign = change.op === 'assert' ? '+' : '-';
  if (change.kind === 'movement') {
    const { effectiveAt, movement, arrBeforeMinor, arrAfterMinor } = change.movement;
    return `${sign}${day(effectiveAt)} ${movement} ${arrBeforeMinor}>${arrAfterMinor}`;
  }
  const { effectiveAt, name, attributes } = change.classification;
  return `${sign}${day(effectiveAt)} ${name} ${JSON.stringify(attributes)}`;
}

/** The date, with the time where it is not midnight UTC. */
export const day = (instant: number): string =>
  new Date(instant).toISOString().replace('T00:00:00.000Z', '');
