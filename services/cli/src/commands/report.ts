/** `holdfast report`: retention and ARR at one instant. */

import type { Command } from '@holdfast/command/command.ts';
import type { Given } from '@holdfast/command/flags.ts';
import type { ExitCode, World } from '@holdfast/command/world.ts';
import { retentionJson } from '@holdfast/contracts/answer-json.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { retention } from '@holdfast/domain/retention.ts';
import { boardOf } from '../board.ts';
import { boardText, FORMATS } from '../board-page.ts';
import { close, readRules } from '../file-flags.ts';
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
    'as-of': { value: 'INSTANT', about: 'the instant, or a date alone: the end of that day' },
    window: { value: 'P12M', about: 'PnD, PnW, PnM or PnY back from there' },
    format: { value: 'html', about: 'html, md or csv: a page for the board, of --from to --to' },
    from: { value: 'INSTANT', about: 'with --format: first instant of the period' },
    to: { value: 'INSTANT', about: 'with --format: end of the period, not in it' },
    'known-at': {
      value: 'INSTANT',
      about: 'only what was known then; a date alone: the end of that day',
    },
  },
  async run(given, world) {
    if (given.text('format') !== undefined) return board(given, world);
    for (const name of ['as-of', 'window']) needed(given, name);
    const question = readQuestion(given);
    const { rules, query } = question;
    const known = given.text('known-at');
    const knownAt =
      known === undefined ? undefined : readInstant('known-at', known, rules.zone, 'last');
    const forecast = query.asOf > (knownAt ?? world.now());
    const file = await foldFile(world, rules, given.need('events'), knownAt);
    const rows = retention(rules, file.customers.values(), query);
    if (given.on('json')) {
      const answer = { ...answerHead(question, forecast), rows: rows.map(retentionJson) };
      world.out(`${JSON.stringify(answer)}\n`);
    } else {
      world.out(reportText(question, rows, forecast));
    }
    return close(given, world, file);
  },
};

/** A flag that only some calls need. */
function needed(given: Given, name: string): string {
  const value = given.text(name);
  if (value !== undefined) return value;
  throw new HoldfastError(
    'usage',
    `--${name} is missing; want --${name} ${report.flags[name]?.value}`,
  );
}

async function board(given: Given, world: World): Promise<ExitCode> {
  const format = FORMATS.find((each) => each === given.text('format'));
  if (format === undefined) {
    throw new HoldfastError(
      'usage',
      `--format "${given.text('format')}"; want ${FORMATS.join(', ')}`,
    );
  }
  const rules = readRules(given);
  const from = readInstant('from', needed(given, 'from'), rules.zone, 'first');
  const to = readInstant('to', needed(given, 'to'), rules.zone, 'first');
  if (to <= from) throw new HoldfastError('usage', '--to is not after --from');
  const events = given.need('events');
  const file = await foldFile(world, rules, events);
  const known = await foldFile(world, rules, events, to - 1);
  const dimension = given.text('by') ?? rules.policy.dimensions[0]?.name ?? 'segment';
  world.out(boardText(boardOf(rules, file, known, { from, to, dimension }), format));
  return close(given, world, file);
}
