/**
 * `/v1/retention/history`: the same figure at the end of each period, and last at the newest
 * as-of, while its period is still open.
 */

import { retentionJson } from '@holdfast/contracts/answer-json.ts';
import { civilDate, DAY_MS, dayNumber } from '@holdfast/domain/civil-date.ts';
import { type CalendarDuration, longestDays, parseDuration } from '@holdfast/domain/duration.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { type Period, periodsOf } from '@holdfast/domain/waterfall-periods.ts';
import { windowOf } from '@holdfast/domain/window.ts';
import type { RetentionAt } from '@holdfast/ledger/retention.ts';
import { z } from 'zod';
import { historyAnswer } from '../answers.ts';
import {
  type Question as Asked,
  byParameter,
  definitionParameter,
  durationOf,
  everyParameter,
  fromParameter,
  instantOf,
  knownAtParameter,
  questionOf,
  timesOf,
  windowParameter,
} from '../parameters.ts';
import { wrongField } from '../problem.ts';
import type { Question } from '../question-route.ts';
import { iso, isoOrNull } from '../to-json.ts';

const MOST_POINTS = 400;
/** Without `from`. */
const USUAL_POINTS = 24;

const query = z.strictObject({
  window: windowParameter,
  every: everyParameter,
  from: fromParameter,
  to: fromParameter,
  definition: definitionParameter,
  by: byParameter,
  known_at: knownAtParameter,
});

interface AskedHistory extends Asked {
  readonly every: string;
  readonly knownAt: number | null;
  readonly firstEffectiveAt: number | null;
  readonly periods: readonly Period[];
  /** The last period goes on after its point. */
  readonly open: boolean;
}

/** The beginning of the month or day that an instant lies in. */
function beginningOf(rules: Rules, at: number, duration: CalendarDuration): number {
  const { day } = rules.zone.dayAt(at);
  if (duration.unit === 'day') return rules.zone.startOf(day);
  const { year, month } = civilDate(day);
  return rules.zone.startOf(dayNumber(year, month, 1));
}

function readPeriods(
  rules: Rules,
  newest: number,
  every: string,
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
): Pick<AskedHistory, 'periods' | 'open'> {
  const duration = parseDuration(every) as CalendarDuration;
  const end = Math.min(instantOf(rules, 'to', query.to, 'first') ?? newest + 1, newest + 1);
  const back = `P${duration.count * (USUAL_POINTS - 1)}${duration.unit === 'day' ? 'D' : 'M'}`;
  const asked = instantOf(rules, 'from', query.from, 'first');
  const from = beginningOf(rules, asked ?? windowOf(back, rules.zone).startFor(end), duration);
  if (from >= end) throw wrongField('from', query.from, `an instant before ${iso(end)}`);
  const periods = periodsOf(rules.zone, from, end, every);
  if (periods.length > MOST_POINTS) {
    throw wrongField('every', every, `at most ${MOST_POINTS} points; here are ${periods.length}`);
  }
  const last = periods.at(-1) as Period;
  // Some days more than a period has: its first one is then whole.
  const beyond = last.from + (longestDays(duration) + 5) * DAY_MS;
  const [whole] = periodsOf(rules.zone, last.from, beyond, every) as [Period];
  const open = whole.to > last.to;
  // A point that is neither the end of a period nor now says nothing.
  const shown = open && end <= newest ? periods.slice(0, -1) : periods;
  return { periods: shown, open: open && end > newest };
}

export const history: Question<
  z.output<typeof query>,
  AskedHistory,
  z.output<typeof historyAnswer>
> = {
  path: '/v1/retention/history',
  summary: 'The figure at the end of each period, and now',
  query,
  answer: historyAnswer,
  read: ({ rules, intake }, given) => {
    const every = durationOf('every', given.every);
    const { asOf, knownAt } = timesOf(rules, intake.asOf(), { known_at: given.known_at });
    return {
      ...questionOf(rules, given),
      every,
      knownAt,
      firstEffectiveAt: intake.firstEffectiveAt,
      ...readPeriods(rules, asOf, every, given),
    };
  },
  upTo: ({ periods, knownAt }) => ({ asOf: (periods.at(-1)?.to ?? 0) - 1, knownAt }),
  ask: async (ledger, asked) => {
    const { zone, policy } = ledger.rules;
    const window = windowOf(asked.window, zone);
    const first = asked.firstEffectiveAt ?? Number.POSITIVE_INFINITY;
    const told = asked.periods.filter(({ to }) => window.startFor(to) > first);
    const found = await ledger.history(
      asked,
      told.map(({ to }) => to - 1),
    );
    const rowsAt = new Map(found.map(({ asOf, rows }: RetentionAt) => [asOf, rows]));
    return {
      window: asked.window,
      definition: asked.definition.name,
      currency: policy.reportingCurrency,
      every: asked.every,
      known_at: isoOrNull(asked.knownAt),
      points: asked.periods.map(({ to }, index) => ({
        as_of: iso(to - 1),
        open: asked.open && index === asked.periods.length - 1,
        rows: (rowsAt.get(to - 1) ?? []).map(retentionJson),
      })),
    };
  },
};
