/**
 * Holds a ledger, or anything that answers like one, against the independent reference: every definition, window and dimension, the
 * waterfall netted and gross, and the shares, at one as-of and known_at.
 */

import { ALL } from '@holdfast/domain/aggregates.ts';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import { DEFINITION_NAMES } from '@holdfast/domain/definitions/definition.ts';
import type { Policy } from '@holdfast/domain/policy.ts';
import { periodsOf } from '@holdfast/domain/waterfall-periods.ts';
import type { Ledger } from '@holdfast/ledger/ledger.ts';
import { expect } from 'vitest';
import type { Reference } from '../reference/reference.ts';
import { COHORT_DEFINITIONS } from '../reference/retention.ts';

export type Answers = Pick<Ledger, 'rules' | 'retention' | 'movements'>;

export interface Asked {
  readonly asOf: number;
  readonly knownAt: number | null;
}

const dimensionsOf = (policy: Policy): readonly (string | undefined)[] => [
  undefined,
  ...policy.dimensions.map(({ name }) => name),
];

const wholeMonths = (window: string): boolean => /^P\d+[MY]$/.test(window);

/** `right` is the reference of what was known. */
export async function expectEqual(
  answers: Answers,
  right: Reference,
  policy: Policy,
  { asOf, knownAt }: Asked,
): Promise<void> {
  for (const window of policy.windows) {
    for (const name of DEFINITION_NAMES) {
      if (name === 'compounded' && !wholeMonths(window)) continue;
      const definition = DEFINITIONS[name];
      for (const by of definition.byMember ? dimensionsOf(policy) : [undefined]) {
        const asked = { asOf, window, definition, dimension: by ?? ALL, knownAt };
        const call = { asOf, window, definition: name, ...(by === undefined ? {} : { by }) };
        const where = { asOf, knownAt, window, name, by };
        // The reference leaves the closing of `flow` out: it is what its other parts add up to.
        const part = name === 'flow' ? { closingArrMinor: null } : {};
        const rows = (await answers.retention(asked)).map((row) => ({ ...row, ...part }));
        expect({ ...where, rows }).toEqual({ ...where, rows: right.report(call) });
      }
    }
  }
}

/** `instants`: ascending. */
export async function expectEqualHistory(
  ledger: Pick<Ledger, 'history'>,
  right: Reference,
  policy: Policy,
  instants: readonly number[],
  knownAt: number | null,
): Promise<void> {
  for (const window of policy.windows) {
    for (const by of dimensionsOf(policy)) {
      const definition = DEFINITIONS.point_to_point;
      const asked = { window, definition, dimension: by ?? ALL, knownAt };
      const call = {
        window,
        definition: 'point_to_point' as const,
        ...(by === undefined ? {} : { by }),
      };
      expect({ ...asked, points: await ledger.history(asked, instants) }).toEqual({
        ...asked,
        points: instants.map((asOf) => ({ asOf, rows: right.report({ asOf, ...call }) })),
      });
    }
  }
}

export async function expectEqualShares(
  ledger: Ledger,
  right: Reference,
  policy: Policy,
  { asOf, knownAt }: Asked,
): Promise<void> {
  for (const definition of COHORT_DEFINITIONS) {
    for (const by of dimensionsOf(policy)) {
      const window = policy.windows[0] as string;
      const { rows, customers } = await ledger.explain({
        asOf,
        window,
        definition: DEFINITIONS[definition],
        dimension: by ?? ALL,
        knownAt,
        member: null,
        part: null,
        customer: null,
        limit: 100,
        after: null,
      });
      const expected = right.explain({
        asOf,
        window,
        definition,
        ...(by === undefined ? {} : { by }),
      });
      expect(customers).toBe(expected.length);
      expect(
        rows
          .map((row) => ({
            customerId: row.customerId,
            name: row.name,
            member: row.member,
            openingArrMinor: row.opening,
            expansionArrMinor: row.expansion,
            contractionArrMinor: row.contraction,
            churnedArrMinor: row.churned,
            closingArrMinor: row.closing,
            keptArrMinor: row.kept,
            moved: row.events.map(({ effectiveAt, movement, amountMinor }) => ({
              effectiveAt,
              movement,
              amountMinor,
            })),
          }))
          .sort(byCustomer),
      ).toEqual(
        expected
          .map(({ movements, ...row }) => ({
            ...row,
            moved: movements.map((movement) => ({
              effectiveAt: movement.effectiveAt,
              movement: movement.movement,
              amountMinor: movement.arrAfterMinor - movement.arrBeforeMinor,
            })),
          }))
          .sort(byCustomer),
      );
    }
  }
}

const byCustomer = (
  a: { readonly customerId: string },
  b: { readonly customerId: string },
): number => (a.customerId < b.customerId ? -1 : 1);

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly every: string;
}

export async function expectEqualPeriods(
  answers: Answers,
  right: Reference,
  policy: Policy,
  { from, to, every }: Span,
  knownAt: number | null,
): Promise<void> {
  const periods = periodsOf(answers.rules.zone, from, to, every);
  for (const by of dimensionsOf(policy)) {
    for (const gross of [false, true]) {
      const where = { from, to, every, by, gross };
      const rows = await answers.movements({ periods, dimension: by ?? ALL, gross }, knownAt);
      expect({ ...where, rows }).toEqual({
        ...where,
        rows: right.periods({ from, to, every, gross, ...(by === undefined ? {} : { by }) }),
      });
    }
  }
}
