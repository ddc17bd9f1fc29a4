/**
 * The reports over folded customers, as the command line gives them, equal what the reference works
 * out from the records of a hostile stream: every definition, window and dimension, at its edges.
 */

import type { Customer } from '@holdfast/domain/customer.ts';
import { fold } from '@holdfast/domain/fold.ts';
import { admitted } from '@holdfast/domain/fold-fixtures.ts';
import { retention } from '@holdfast/domain/retention.ts';
import { compileRules } from '@holdfast/domain/rules.ts';
import { offset as toOffset } from '@holdfast/domain/scalars.ts';
import { waterfall } from '@holdfast/domain/waterfall.ts';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { type Answers, expectEqual, expectEqualPeriods } from '../ledger/equal.ts';
import { reference } from '../reference/reference.ts';
import { edgeInstants } from '../streams/deliveries.ts';
import { type Stream, streamArbitrary } from '../streams/streams.ts';
import { aTieMovesBack } from './compare.ts';
import { LIMIT_MS, STREAMS } from './runs.ts';

function answersOf({ policy, arrived }: Stream): Answers {
  const rules = compileRules(policy, { keepAll: true });
  const customers = new Map<string, Customer>();
  for (const { record, offset } of arrived) {
    const before = customers.get(record.customerId) ?? null;
    const { customer } = fold(rules, before, admitted(rules, record), toOffset(offset), 0);
    if (customer !== null) customers.set(record.customerId, customer);
  }
  return {
    rules,
    retention: async (query) => retention(rules, customers.values(), query),
    movements: async (query) => waterfall(rules, customers.values(), query),
  };
}

describe('reports over hostile streams', () => {
  it('are what brute force works out', { timeout: LIMIT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(
        streamArbitrary,
        fc.nat(400),
        fc.constantFrom('P1M', 'P7D', 'P1Y'),
        async (stream, pick, every) => {
          const { policy, arrived } = stream;
          const right = reference(arrived, policy);
          fc.pre(!aTieMovesBack(arrived) && right.counts.tooLate === 0);
          const answers = answersOf(stream);
          const edges = edgeInstants(stream);
          const asOf = edges[pick % edges.length] as number;
          await expectEqual(answers, right, policy, { asOf, knownAt: null });
          const to = asOf + 1;
          const span = { from: to - 400 * 86_400_000, to, every };
          await expectEqualPeriods(answers, right, policy, span, null);
        },
      ),
      { numRuns: STREAMS },
    );
  });
});
