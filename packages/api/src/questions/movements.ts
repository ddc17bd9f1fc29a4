/** `/v1/movements`: what came and went, period by period. */

import { waterfallJson } from '@holdfast/contracts/answer-json.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { WaterfallQuery } from '@holdfast/domain/waterfall.ts';
import { type Period, periodsOf } from '@holdfast/domain/waterfall-periods.ts';
import { z } from 'zod';
import { movementsAnswer, waterfallRow } from '../answers.ts';
import {
  byParameter,
  dimensionOf,
  durationOf,
  everyParameter,
  flagParameter,
  fromParameter,
  instantOf,
  knownAtParameter,
  timesOf,
} from '../parameters.ts';
import { wrongField } from '../problem.ts';
import type { Question } from '../question-route.ts';
import { iso, isoOrNull } from '../to-json.ts';

const MOST_PERIODS = 400;

const query = z.strictObject({
  from: fromParameter,
  to: fromParameter,
  every: everyParameter,
  by: byParameter,
  gross: flagParameter.describe('Every step, not each customer netted by period.'),
  known_at: knownAtParameter,
});
type Given = z.output<typeof query>;

interface Asked extends WaterfallQuery {
  readonly every: string;
  readonly knownAt: number | null;
}

function readPeriods(rules: Rules, newest: number, given: Given): readonly Period[] {
  const from = instantOf(rules, 'from', given.from, 'first');
  if (from === undefined) throw wrongField('from', undefined, 'an instant or a date');
  const to = instantOf(rules, 'to', given.to, 'first') ?? newest + 1;
  if (to > newest + 1) {
    throw wrongField(
      'to',
      given.to,
      `${iso(newest)} at the latest: the ledger is complete up to there`,
    );
  }
  if (from >= to) throw wrongField('from', given.from, `an instant before to (${iso(to)})`);
  const periods = periodsOf(rules.zone, from, to, durationOf('every', given.every));
  if (periods.length <= MOST_PERIODS) return periods;
  throw wrongField('every', given.every, `at most ${MOST_PERIODS} periods`);
}

export const movements: Question<Given, Asked, z.output<typeof movementsAnswer>> = {
  path: '/v1/movements',
  summary: 'The ARR waterfall by period',
  query,
  answer: movementsAnswer,
  row: waterfallRow,
  read: ({ rules, intake }, given) => {
    const { asOf, knownAt } = timesOf(rules, intake.asOf(), { known_at: given.known_at });
    return {
      periods: readPeriods(rules, asOf, given),
      every: given.every,
      dimension: dimensionOf(rules, given.by),
      gross: given.gross,
      knownAt,
    };
  },
  upTo: ({ periods, knownAt }) => ({ asOf: (periods.at(-1)?.to ?? 0) - 1, knownAt }),
  ask: async (ledger, asked) => ({
    every: asked.every,
    currency: ledger.rules.policy.reportingCurrency,
    known_at: isoOrNull(asked.knownAt),
    rows: (await ledger.movements(asked, asked.knownAt)).map(waterfallJson),
  }),
};
