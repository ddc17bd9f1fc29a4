import { admit } from '@holdfast/domain/admit.ts';
import type { Customer } from '@holdfast/domain/customer.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { offset } from '@holdfast/domain/scalars.ts';
import { expect, it } from 'vitest';
import { subscription } from '../../../test/e2e/records.ts';
import { pastFigures } from './past-figures.ts';

const rules = compileRules(DEFAULT_POLICY, { keepAll: true });
const HOUR_MS = 3_600_000;
const FROM = Date.parse('2026-01-01T00:00:00Z');
const TO = Date.parse('2026-06-01T00:00:00Z');

const customerOf = (name: string, changes: readonly (readonly [at: string, amount: number])[]) =>
  changes.reduce<Customer | null>((customer, [at, amount], index) => {
    const admitted = admit(rules, subscription(name, Date.parse(at), amount), TO);
    if (isRejection(admitted)) throw new Error(admitted.message);
    return fold(rules, customer, admitted, offset(index), 0).customer;
  }, null) as Customer;

it('is at every instant what it is when only that instant is asked for', () => {
  const customers = [
    customerOf('a', [
      ['2025-12-10T00:00:00Z', 500],
      ['2026-02-03T04:30:00Z', 200],
    ]),
    customerOf('b', [
      ['2026-01-31T23:00:00Z', 900],
      ['2026-03-31T00:00:00Z', 0],
    ]),
  ];
  const instants = Array.from(
    { length: (TO - FROM) / (7 * HOUR_MS) },
    (_, at) => FROM + at * 7 * HOUR_MS,
  );
  const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
  let losses = 0;
  for (const found of pastFigures(rules, customers, instants)) {
    const [alone] = [...pastFigures(rules, customers, [found.asOf])];
    expect(sorted(found.rows)).toEqual(sorted(alone!.rows));
    expect(found.largestLosses).toEqual(alone!.largestLosses);
    losses += found.largestLosses.size;
  }
  expect(losses).toBeGreaterThan(0);
});
