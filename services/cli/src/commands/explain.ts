/** `holdfast explain`: every customer's part in the number, down to the event. */

import type { Command } from '@holdfast/command/command.ts';
import { shareJson } from '@holdfast/contracts/answer-json.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { type ExplainedCustomer, explain, spanToExplain } from '@holdfast/domain/explain.ts';
import { retention } from '@holdfast/domain/retention.ts';
import { customerText, explainText } from '../explain-text.ts';
import { close } from '../file-flags.ts';
import { foldFile } from '../fold-file.ts';
import { isoInstant } from '../format.ts';
import { answerHead, QUESTION_FLAGS, readQuestion } from '../question.ts';
import { plainText } from '../table.ts';

const EXAMPLE =
  '--events docs/examples/events.jsonl --policy docs/examples/policy.yaml --as-of 2026-06-30';

export const explainCommand: Command = {
  name: 'explain',
  summary: "every customer's part in the number, down to the event",
  examples: [`${EXAMPLE} --window P12M`, `${EXAMPLE} --window P12M --customer c-acme`],
  flags: { ...QUESTION_FLAGS, customer: { value: 'ID', about: 'this customer only' } },
  async run(given, world) {
    const question = readQuestion(given);
    const { rules, query } = question;
    spanToExplain(rules, query);
    const file = await foldFile(world, rules, given.need('events'));
    const id = given.text('customer');
    if (id !== undefined && !file.customers.has(id)) {
      throw new HoldfastError('usage', `--customer "${id}"; want one that the events name`);
    }
    const rows = explain(rules, file.customers.values(), query);
    const shown = id === undefined ? rows : rows.filter((row) => row.customerId === id);
    const [only] = shown;
    if (given.on('json')) {
      world.out(`${JSON.stringify({ ...answerHead(question), rows: shown.map(rowJson) })}\n`);
    } else {
      const figures = retention(rules, file.customers.values(), query);
      if (id === undefined) world.out(explainText(question, figures, rows));
      else if (only !== undefined) world.out(customerText(question, figures, only));
    }
    if (id !== undefined && only === undefined) {
      world.err(`customer ${plainText(id)} has no part in this: no ARR just before the window\n`);
    }
    return close(given, world, file);
  },
};

const rowJson = (row: ExplainedCustomer): object => ({
  ...shareJson(row),
  drivers: row.drivers.map(({ driver, productId, amountMinor }) => ({
    driver,
    product_id: productId,
    amount_minor: amountMinor,
  })),
  events: row.events.map(({ eventId, effectiveAt, recordedAt, movement, amountMinor }) => ({
    event_id: eventId,
    effective_at: isoInstant(effectiveAt),
    recorded_at: isoInstant(recordedAt),
    movement,
    amount_minor: amountMinor,
  })),
});
