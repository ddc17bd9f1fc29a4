/** `/v1/explain/restated`: what became known later and changed a figure. */

import { retentionJson } from '@holdfast/contracts/answer-json.ts';
import { ALL } from '@holdfast/domain/aggregates.ts';
import type { RestatedQuery } from '@holdfast/ledger/restated.ts';
import { z } from 'zod';
import { type RetentionRowJson, restatedAnswer } from '../answers.ts';
import {
  asOfParameter,
  definitionParameter,
  knownAtParameter,
  questionOf,
  timesOf,
  windowParameter,
} from '../parameters.ts';
import { wrongField } from '../problem.ts';
import type { Question } from '../question-route.ts';
import { iso, restatingJson } from '../to-json.ts';

const MOST_EVENTS = 500;

const query = z.strictObject({
  window: windowParameter,
  as_of: asOfParameter,
  known_at: knownAtParameter,
  definition: definitionParameter,
});

/** Field by field; null where one of the two is. */
const differenceOf = (known: RetentionRowJson, corrected: RetentionRowJson) =>
  Object.fromEntries(
    Object.entries(corrected).flatMap(([name, now]) => {
      const then = known[name as keyof RetentionRowJson];
      if (typeof now === 'string') return [];
      return [[name, now === null || typeof then !== 'number' ? null : now - then] as const];
    }),
  );

export const restated: Question<
  z.output<typeof query>,
  RestatedQuery,
  z.output<typeof restatedAnswer>
> = {
  path: '/v1/explain/restated',
  summary: 'What became known later and changed a figure',
  query,
  answer: restatedAnswer,
  read: ({ rules, intake }, given) => {
    const { asOf, knownAt } = timesOf(rules, intake.asOf(), given);
    const question = questionOf(rules, { ...given, by: ALL });
    if (question.definition.name === 'compounded') {
      throw wrongField('definition', 'compounded', 'one whose shares add up');
    }
    return { ...question, asOf, knownAt: knownAt ?? asOf, limit: MOST_EVENTS };
  },
  upTo: ({ asOf }) => ({ asOf, knownAt: null }),
  ask: async (ledger, asked) => {
    const found = await ledger.restated(asked);
    const known = retentionJson(found.known);
    const corrected = retentionJson(found.corrected);
    return {
      as_of: iso(asked.asOf),
      known_at: iso(asked.knownAt),
      window: asked.window,
      definition: asked.definition.name,
      currency: ledger.rules.policy.reportingCurrency,
      known,
      corrected,
      difference: differenceOf(known, corrected),
      events: found.events.map(restatingJson),
      event_count: found.eventCount,
    };
  },
};
