/** `/v1/explain`: every customer's part in a figure, the greatest difference first. */

import { retentionJson } from '@holdfast/contracts/answer-json.ts';
import { LAST_INSTANT } from '@holdfast/domain/admit.ts';
import { ALL } from '@holdfast/domain/aggregates.ts';
import type { RetentionReport } from '@holdfast/domain/retention.ts';
import type { ExplainQuery } from '@holdfast/ledger/explain.ts';
import type { Ledger } from '@holdfast/ledger/ledger.ts';
import { z } from 'zod';
import { explainAnswer, explainRow } from '../answers.ts';
import { readCursor, wholeNumber, writeCursor } from '../cursor.ts';
import {
  asOfParameter,
  byParameter,
  cursorParameter,
  definitionParameter,
  idParameter,
  knownAtParameter,
  limitParameter,
  memberParameter,
  questionOf,
  timesOf,
  windowParameter,
} from '../parameters.ts';
import { Refusal, wrongField } from '../problem.ts';
import type { Question } from '../question-route.ts';
import { explainedJson, iso, isoOrNull } from '../to-json.ts';

const instant = wholeNumber.max(LAST_INSTANT);

/** The instants stand in it, so that all pages are of one figure. */
const place = z.strictObject({
  asOf: instant,
  knownAt: instant.nullable(),
  difference: wholeNumber,
  customerId: z.string().max(1_000),
});

const query = z.strictObject({
  window: windowParameter,
  as_of: asOfParameter,
  known_at: knownAtParameter,
  definition: definitionParameter,
  by: byParameter,
  member: memberParameter,
  part: z.enum(['expansion', 'contraction', 'churned']).optional(),
  customer_id: idParameter.optional(),
  limit: limitParameter(50, 10_000),
  cursor: cursorParameter,
});

const atPlace = ({ asOf, knownAt }: z.output<typeof place>) => ({
  as_of: iso(asOf),
  ...(knownAt === null ? {} : { known_at: iso(knownAt) }),
});

/** The row that the shares make up. */
const totalOf = async (ledger: Ledger, asked: ExplainQuery): Promise<RetentionReport> => {
  const dimension = asked.member === null ? ALL : asked.dimension;
  const rows = await ledger.retention({ ...asked, dimension });
  const row = rows.find(({ member }) => member === (asked.member ?? ALL));
  if (row !== undefined) return row;
  throw new Refusal(404, `member "${asked.member}" of ${dimension} has nothing at that instant`);
};

export const explain: Question<
  z.output<typeof query>,
  ExplainQuery,
  z.output<typeof explainAnswer>
> = {
  path: '/v1/explain',
  summary: "Every customer's part in a figure",
  query,
  answer: explainAnswer,
  row: explainRow,
  read: ({ rules, intake }, given) => {
    const after = given.cursor === undefined ? null : readCursor(given.cursor, place);
    const times = timesOf(rules, intake.asOf(), after === null ? given : atPlace(after));
    const question = questionOf(rules, given);
    if (question.definition.name === 'compounded') {
      throw wrongField('definition', 'compounded', 'one whose shares add up; explain one month');
    }
    if (given.member !== undefined && question.dimension === ALL) {
      throw wrongField('by', given.by, `the dimension of member "${given.member}"`);
    }
    const customer = given.customer_id === undefined ? null : intake.customer(given.customer_id);
    if (customer === undefined) {
      throw new Refusal(404, `there is no customer "${given.customer_id}"`);
    }
    return {
      ...question,
      asOf: times.asOf,
      knownAt: times.knownAt,
      member: given.member ?? null,
      part: given.part ?? null,
      customer,
      limit: given.limit,
      after,
    };
  },
  upTo: (asked) => asked,
  ask: async (ledger, asked) => {
    const total = await totalOf(ledger, asked);
    const { rows, customers, drivers } = await ledger.explain({ ...asked, limit: asked.limit + 1 });
    const shown = rows.slice(0, asked.limit);
    const last = rows.length > asked.limit ? shown.at(-1) : undefined;
    const { asOf, knownAt } = asked;
    return {
      as_of: iso(asOf),
      known_at: isoOrNull(knownAt),
      window: asked.window,
      definition: asked.definition.name,
      currency: ledger.rules.policy.reportingCurrency,
      total: retentionJson(total),
      customers,
      drivers: drivers.map(({ driver, amountMinor }) => ({ driver, amount_minor: amountMinor })),
      rows: shown.map(explainedJson),
      next:
        last === undefined
          ? null
          : writeCursor({
              asOf,
              knownAt,
              difference: last.difference,
              customerId: last.customerId,
            }),
    };
  },
};
