/** `holdfast movements`: the ARR waterfall by period. */

import type { Command } from '@holdfast/command/command.ts';
import { waterfallJson } from '@holdfast/contracts/answer-json.ts';
import { ALL } from '@holdfast/domain/aggregates.ts';
import { waterfall } from '@holdfast/domain/waterfall.ts';
import { periodsOf } from '@holdfast/domain/waterfall-periods.ts';
import { readDuration } from '../durations.ts';
import {
  BY_FLAG,
  close,
  EVENTS_FLAG,
  OUTPUT_FLAGS,
  POLICY_FLAG,
  readRules,
} from '../file-flags.ts';
import { foldFile } from '../fold-file.ts';
import { readInstant } from '../instants.ts';
import { movementsText } from '../movements-text.ts';

const EXAMPLE =
  '--events docs/examples/events.jsonl --policy docs/examples/policy.yaml --from 2026-01-01';

export const movements: Command = {
  name: 'movements',
  summary: 'what came and went, period by period, from opening to closing ARR',
  examples: [
    `${EXAMPLE} --to 2026-07-01 --every P1M`,
    `${EXAMPLE} --to 2026-07-01 --every P3M --by segment --gross --json`,
  ],
  flags: {
    ...EVENTS_FLAG,
    from: {
      value: 'INSTANT',
      about: 'first instant of the first period; a date alone: its first instant',
      required: true,
    },
    to: {
      value: 'INSTANT',
      about: 'end of the last period, not in it; a date alone: its first instant',
      required: true,
    },
    every: { value: 'P1M', about: 'length of a period: PnD, PnW, PnM or PnY', required: true },
    ...BY_FLAG,
    gross: { about: 'every step, not each customer netted by period' },
    ...POLICY_FLAG,
    ...OUTPUT_FLAGS,
  },
  async run(given, world) {
    const rules = readRules(given);
    const from = readInstant('from', given.need('from'), rules.zone, 'first');
    const to = readInstant('to', given.need('to'), rules.zone, 'first');
    const every = readDuration('every', given.need('every'));
    const query = {
      periods: periodsOf(rules.zone, from, to, every),
      dimension: given.text('by') ?? ALL,
      gross: given.on('gross'),
    };
    const file = await foldFile(world, rules, given.need('events'));
    const rows = waterfall(rules, file.customers.values(), query);
    if (given.on('json')) {
      const currency = rules.policy.reportingCurrency;
      world.out(`${JSON.stringify({ every, currency, rows: rows.map(waterfallJson) })}\n`);
    } else {
      world.out(movementsText(rules, query, rows));
    }
    return close(given, world, file);
  },
};
