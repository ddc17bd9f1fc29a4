/** `/v1/restatements`: which generations were put in force over another, and what they changed. */

import { z } from 'zod';
import { restatementsAnswer } from '../answers.ts';
import type { Question } from '../question-route.ts';
import { iso } from '../to-json.ts';

const query = z.strictObject({});

export const restatements: Question<
  z.output<typeof query>,
  object,
  z.output<typeof restatementsAnswer>
> = {
  path: '/v1/restatements',
  summary: 'Generations that were put in force over another, and what they changed',
  query,
  answer: restatementsAnswer,
  read: () => ({}),
  ask: async (ledger) => ({
    currency: ledger.rules.policy.reportingCurrency,
    rows: (await ledger.restatements()).map((one) => ({
      restatement: one.name,
      generation: one.generation,
      after_known_at: iso(one.afterKnownAt),
      effective_from: iso(one.effectiveFrom),
      deltas: one.deltas,
      amount_minor: one.amountMinor,
    })),
  }),
};
