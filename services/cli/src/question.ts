/** What `report` and `explain` are asked: retention of a window at an instant, by a definition. */

import type { Flags, Given } from '@holdfast/command/flags.ts';
import { didYouMean } from '@holdfast/config/nearest.ts';
import { ALL } from '@holdfast/domain/aggregates.ts';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import {
  DEFINITION_NAMES,
  type Definition,
  type DefinitionName,
} from '@holdfast/domain/definitions/definition.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import {
  checkDimension,
  type RetentionQuery,
  type RetentionReport,
} from '@holdfast/domain/retention.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { readDuration } from './durations.ts';
import { BY_FLAG, EVENTS_FLAG, OUTPUT_FLAGS, POLICY_FLAG, readRules } from './file-flags.ts';
import { isoInstant, percent, untilDay } from './format.ts';
import { readInstant } from './instants.ts';

export const QUESTION_FLAGS = {
  ...EVENTS_FLAG,
  'as-of': {
    value: 'INSTANT',
    about: 'the instant, or a date alone: the end of that day',
    required: true,
  },
  window: { value: 'P12M', about: 'PnD, PnW, PnM or PnY back from there', required: true },
  ...BY_FLAG,
  definition: { value: 'NAME', about: `${DEFINITION_NAMES.join(', ')}; else the first` },
  ...POLICY_FLAG,
  ...OUTPUT_FLAGS,
} as const satisfies Flags;

export interface Question {
  readonly rules: Rules;
  readonly query: RetentionQuery;
}

/** Throws `usage` and `config_invalid`, before any event is read. */
export function readQuestion(given: Given): Question {
  const rules = readRules(given);
  const query = {
    asOf: readInstant('as-of', given.need('as-of'), rules.zone, 'last'),
    window: readDuration('window', given.need('window')),
    definition: readDefinition(given.text('definition')),
    dimension: given.text('by') ?? ALL,
  };
  checkDimension(query);
  query.definition.spansOf({ zone: rules.zone, ...query });
  return { rules, query };
}

function readDefinition(name: string = DEFINITION_NAMES[0]): Definition {
  if (Object.hasOwn(DEFINITIONS, name)) return DEFINITIONS[name as DefinitionName];
  throw new HoldfastError(
    'usage',
    `--definition "${name}"; want one of ${DEFINITION_NAMES.join(', ')}${didYouMean(name, DEFINITION_NAMES)}`,
  );
}

/** The first fields of an answer in JSON. */
export const answerHead = ({ rules, query }: Question, forecast = false): object => ({
  as_of: isoInstant(query.asOf),
  ...(forecast ? { forecast: true } : {}),
  window: query.window,
  definition: query.definition.name,
  currency: rules.policy.reportingCurrency,
});

/** The first line of an answer in words; `row` where the answer is about one. */
export function headline(
  title: string,
  { rules, query }: Question,
  row: RetentionReport | undefined,
): string {
  const ratios = row === undefined ? '' : ` NRR ${percent(row.nrr)} GRR ${percent(row.grr)}`;
  const until = untilDay(rules.zone, query.asOf);
  const { window, definition } = query;
  return `${title}${ratios} ${window} to ${until} ${definition.name} ${rules.policy.reportingCurrency}`;
}
