/** `/v1/customers` and `/v1/customers/{id}`: who is there, and one customer's story. */

import { z } from 'zod';
import { customerAnswer, customersAnswer } from '../answers.ts';
import {
  asOfParameter,
  idParameter,
  knownAtParameter,
  limitParameter,
  type Times,
  timesOf,
} from '../parameters.ts';
import { Refusal } from '../problem.ts';
import type { Question } from '../question-route.ts';
import { iso, isoOrNull, storyJson } from '../to-json.ts';

const searchQuery = z.strictObject({
  search: z.string().max(256).default('').describe('A part of the id or the name; any case.'),
  limit: limitParameter(20, 1_000),
});

export const customers: Question<
  z.output<typeof searchQuery>,
  { readonly search: string; readonly limit: number; readonly asOf: number },
  z.output<typeof customersAnswer>
> = {
  path: '/v1/customers',
  summary: 'Customers by a part of their id or name, the largest first',
  query: searchQuery,
  answer: customersAnswer,
  read: ({ rules, intake }, given) => ({ ...given, ...timesOf(rules, intake.asOf(), {}) }),
  ask: async (ledger, { search, limit, asOf }) => ({
    currency: ledger.rules.policy.reportingCurrency,
    rows: (await ledger.search(search, limit, asOf)).map((row) => ({
      customer_id: row.customerId,
      name: row.name,
      arr_minor: row.arrMinor,
    })),
  }),
};

const storyQuery = z.strictObject({ as_of: asOfParameter, known_at: knownAtParameter });

export const customer: Question<
  z.output<typeof storyQuery>,
  Times & { readonly id: string; readonly customer: number },
  z.output<typeof customerAnswer>
> = {
  path: '/v1/customers/:id',
  summary: "One customer's story: each step with its cause, and its part in each window",
  query: storyQuery,
  params: z.strictObject({ id: idParameter }),
  answer: customerAnswer,
  read: ({ rules, intake }, given, id) => {
    const number = intake.customer(id);
    if (number === undefined) throw new Refusal(404, `there is no customer "${id.slice(0, 256)}"`);
    return { ...timesOf(rules, intake.asOf(), given), id, customer: number };
  },
  ask: async (ledger, { id, customer: number, asOf, knownAt }) => ({
    customer_id: id,
    currency: ledger.rules.policy.reportingCurrency,
    as_of: iso(asOf),
    known_at: isoOrNull(knownAt),
    ...storyJson(await ledger.story(number, { asOf, knownAt })),
  }),
};
