/** `holdfast report`: retention and ARR at one instant. */

import { type RetentionReport, retention } from '@holdfast/domain/retention.ts';
import type { Command } from '../command.ts';
import { close } from '../file-flags.ts';
import { foldFile } from '../fold-file.ts';
import { readInstant } from '../instants.ts';
import { answerHead, QUESTION_FLAGS, readQuestion } from '../question.ts';
import { reportText } from '../report-text.ts';

const EXAMPLE =
  '--events docs/examples/events.jsonl --policy docs/examples/policy.yaml --as-of 2026-06-30';

export const report: Command = {
  name: 'report',
  summary: 'retention and ARR at one instant',
  examples: [`${EXAMPLE} --window P12M`, `${EXAMPLE} --window P3M --by segment --json`],
  flags: {
    ...QUESTION_FLAGS,
    'known-at': {
      value: 'INSTANT',
      about: 'only what was known then; a date alone: the end of that day',
    },
  },
  async run(given, world) {
    const question = readQuestion(given);
    const { rules, query } = question;
    const known = given.text('known-at');
    const knownAt =
      known === undefined ? undefined : readInstant('known-at', known, rules.zone, 'last');
    const forecast = query.asOf > (knownAt ?? world.now());
    const file = await foldFile(world, rules, given.need('events'), knownAt);
    const rows = retention(rules, file.customers.values(), query);
    if (given.on('json')) {
      const answer = { ...answerHead(question, forecast), rows: rows.map(rowJson) };
      world.out(`${JSON.stringify(answer)}\n`);
    } else {
      world.out(reportText(question, rows, forecast));
    }
    return close(given, world, file);
  },
};

const rowJson = (row: RetentionReport): object => ({
  dimension: row.dimension,
  member: row.member,
  opening_arr_minor: row.openingArrMinor,
  expansion_arr_minor: row.expansionArrMinor,
  contraction_arr_minor: row.contractionArrMinor,
  churned_arr_minor: row.churnedArrMinor,
  closing_arr_minor: row.closingArrMinor,
  opening_customers: row.openingCustomers,
  retained_customers: row.retainedCustomers,
  nrr: row.nrr,
  grr: row.grr,
  logo_retention: row.logoRetention,
  arr_minor: row.arrMinor,
  customers: row.customers,
});
