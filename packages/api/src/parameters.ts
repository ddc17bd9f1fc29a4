/** Query parameters: their schemas, which are also the OpenAPI document's, and their meaning. */

import { type OfDay, readInstantOrDate } from '@holdfast/contracts/instant-or-date.ts';
import { ALL } from '@holdfast/domain/aggregates.ts';
import { DEFINITIONS } from '@holdfast/domain/definitions/by-name.ts';
import {
  DEFINITION_NAMES,
  type Definition,
  type DefinitionName,
} from '@holdfast/domain/definitions/definition.ts';
import { longestDays, parseDuration } from '@holdfast/domain/duration.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { z } from 'zod';
import { CURSOR_LENGTH } from './cursor.ts';
import { Refusal, wrongField } from './problem.ts';

const LONGEST_TEXT = 256;

const instantText = (about: string) => z.string().max(40).optional().describe(about);

export const asOfParameter = instantText(
  'ISO 8601 with an offset, or a date alone (its last millisecond); else the newest instant up to which the ledger is complete.',
);
export const knownAtParameter = instantText(
  'Only what was known at this instant; ISO 8601 with an offset, or a date alone (its last millisecond). Else all that is known.',
);
export const fromParameter = instantText(
  'ISO 8601 with an offset, or a date alone (its first instant).',
);
export const windowParameter = z
  .string()
  .max(8)
  .default('P12M')
  .describe('Length of the window: PnD, PnW, PnM or PnY.');
export const everyParameter = z
  .string()
  .max(8)
  .default('P1M')
  .describe('Length of a period: PnD, PnW, PnM or PnY.');
export const definitionParameter = z.enum(DEFINITION_NAMES).default('point_to_point');
export const byParameter = z
  .string()
  .max(LONGEST_TEXT)
  .default(ALL)
  .describe('A dimension of the policy, or all.');
export const cursorParameter = z
  .string()
  .max(CURSOR_LENGTH)
  .optional()
  .describe('The "next" of the answer before.');
export const idParameter = z.string().min(1).max(LONGEST_TEXT);
export const memberParameter = z.string().min(1).max(1_000).optional();

export const limitParameter = (fallback: number, most: number) =>
  z.coerce.number().int().min(1).max(most).default(fallback);

/** `true` or `false`, as text. */
export const flagParameter = z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false);

/** An instant of the parameters, or undefined where it is not given. */
export function instantOf(
  rules: Rules,
  field: string,
  text: string | undefined,
  ofDay: OfDay,
): number | undefined {
  if (text === undefined) return undefined;
  const read = readInstantOrDate(text, rules.zone, ofDay);
  if ('want' in read) throw wrongField(field, text, read.want);
  return read.at;
}

const iso = (at: number): string => new Date(at).toISOString();

export interface Times {
  readonly asOf: number;
  readonly knownAt: number | null;
}

/** `newest`: up to when the ledger is complete; what lies after it is not known yet. */
export function timesOf(
  rules: Rules,
  newest: number | null,
  query: { readonly as_of?: string | undefined; readonly known_at?: string | undefined },
): Times {
  if (newest === null) throw notComplete();
  const knownAt = instantOf(rules, 'known_at', query.known_at, 'last') ?? null;
  // Asked for what was known earlier, the default is that instant: nothing later was known then.
  const asOf =
    instantOf(rules, 'as_of', query.as_of, 'last') ?? Math.min(newest, knownAt ?? newest);
  if (asOf > newest) {
    throw wrongField(
      'as_of',
      query.as_of,
      `${iso(newest)} at the latest: the ledger is complete up to there`,
    );
  }
  if (knownAt !== null && asOf > knownAt) {
    throw wrongField(
      'as_of',
      query.as_of,
      `known_at (${iso(knownAt)}) at the latest: a forecast is no history`,
    );
  }
  return { asOf, knownAt };
}

export const notComplete = (): Refusal =>
  new Refusal(503, 'the ledger has not read all partitions yet', {
    headers: { 'Retry-After': '1' },
  });

/** A hundred years. */
const LONGEST_DAYS = 36_600;
/** Of a figure that is a product of months. */
const MOST_MONTHS = 120;

export function durationOf(field: string, text: string): string {
  const duration = parseDuration(text);
  if (duration === undefined || duration.count === 0 || longestDays(duration) > LONGEST_DAYS) {
    throw wrongField(field, text, 'PnD, PnW, PnM or PnY, such as P12M, up to a hundred years');
  }
  return text;
}

export interface Question {
  readonly window: string;
  readonly definition: Definition;
  readonly dimension: string;
}

export function questionOf(
  rules: Rules,
  query: { readonly window: string; readonly definition: DefinitionName; readonly by: string },
): Question {
  const window = durationOf('window', query.window);
  const definition = DEFINITIONS[query.definition];
  const dimension = dimensionOf(rules, query.by);
  if (!definition.byMember && dimension !== ALL) {
    throw wrongField('by', query.by, `all: ${definition.name} is of all customers together only`);
  }
  if (definition.name === 'compounded') {
    const duration = parseDuration(window);
    if (duration?.unit !== 'month' || duration.count > MOST_MONTHS) {
      throw wrongField('window', window, `whole months, such as P12M, up to P${MOST_MONTHS}M`);
    }
  }
  return { window, definition, dimension };
}

export function dimensionOf(rules: Rules, by: string): string {
  if (by === ALL || rules.dimensions.includes(by)) return by;
  throw wrongField('by', by, `one of ${[ALL, ...rules.dimensions].join(', ')}`);
}
