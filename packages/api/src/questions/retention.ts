/** `/v1/retention`: retention and ARR at one instant. */

import { retentionJson } from '@holdfast/contracts/answer-json.ts';
import { z } from 'zod';
import { retentionAnswer, retentionRow } from '../answers.ts';
import {
  type Question as Asked,
  asOfParameter,
  byParameter,
  definitionParameter,
  knownAtParameter,
  questionOf,
  type Times,
  timesOf,
  windowParameter,
} from '../parameters.ts';
import type { Question } from '../question-route.ts';
import { iso, isoOrNull } from '../to-json.ts';

const query = z.strictObject({
  window: windowParameter,
  as_of: asOfParameter,
  known_at: knownAtParameter,
  definition: definitionParameter,
  by: byParameter,
});

export const retention: Question<
  z.output<typeof query>,
  Asked & Times,
  z.output<typeof retentionAnswer>
> = {
  path: '/v1/retention',
  summary: 'Retention and ARR at one instant',
  query,
  answer: retentionAnswer,
  row: retentionRow,
  read: (ledger, given) => ({
    ...questionOf(ledger.rules, given),
    ...timesOf(ledger.rules, ledger.intake.asOf(), given),
  }),
  upTo: (asked) => asked,
  ask: async (ledger, asked) => ({
    as_of: iso(asked.asOf),
    known_at: isoOrNull(asked.knownAt),
    window: asked.window,
    definition: asked.definition.name,
    currency: ledger.rules.policy.reportingCurrency,
    rows: (await ledger.retention(asked)).map(retentionJson),
  }),
};
