/**
 * Everything that the first page shows, asked for one instant, so that all of it agrees: cards,
 * waterfall, members and lists are of the same as-of. What changes slowly is asked for less often.
 */

import type {
  Bridge,
  BridgeRow,
  Explanation,
  History,
  Restated,
  Restatement,
  Restatements,
  Retention,
  RetentionRow,
  Status,
} from '../model/answers.ts';
import { type Calendar, monthEnd, monthStart, monthsBefore } from '../model/dates.ts';
import { type MonthPoint, monthPoints, rowIn } from '../model/months.ts';
import { greatest, type Mover, moverOf } from '../model/ranking.ts';
import { PARTS, type Part, type View } from '../model/view.ts';
import { apiPath, ask, type Query } from './api.ts';

/** Changes with every event. */
export interface Present {
  readonly asOf: string;
  readonly currency: string;
  readonly row: RetentionRow | null;
  /** The same a month earlier. */
  readonly before: RetentionRow | null;
  /** As corrected since, where the view shows what was known then; else null. */
  readonly corrected: RetentionRow | null;
  readonly members: readonly {
    readonly dimension: string;
    readonly rows: readonly RetentionRow[];
  }[];
  readonly gains: readonly Mover[];
  readonly losses: readonly Mover[];
}

/** Changes with the months, or by corrections. */
export interface Past {
  readonly months: readonly MonthPoint[];
  /** As corrected since, where the view shows what was known then; else null. */
  readonly corrected: readonly MonthPoint[] | null;
  readonly bridge: readonly BridgeRow[];
  /** Generations put in force over another, the earliest first. */
  readonly restatements: readonly Restatement[];
  /** What became known after that instant and changed its figure. */
  readonly restated: { readonly asOf: string; readonly answer: Restated };
}

const MONTHS = 24;
const LISTED = 5;

const scoped = ({ window, definition, scope }: View, asOf: string, known: boolean): Query => ({
  window,
  definition,
  as_of: asOf,
  by: scope?.dimension,
  known_at: known ? asOf : null,
});

/** `at`: an instant or a day; all is asked for the instant that the server makes of it. */
export async function askPresent(
  view: View,
  at: string,
  status: Status,
  signal: AbortSignal,
): Promise<Present> {
  const get = <Answer>(path: string, query: Query): Promise<Answer> =>
    ask<Answer>(apiPath(path, query), signal);
  const now = await get<Retention>('/v1/retention', scoped(view, at, view.known));
  const asOf = now.as_of;
  const query = scoped(view, asOf, view.known);
  const retention = (more: Query): Promise<Retention> =>
    get<Retention>('/v1/retention', { ...query, ...more });
  const explain = (part: Part): Promise<Explanation> =>
    get<Explanation>('/v1/explain', { ...query, member: view.scope?.member, part, limit: LISTED });
  const [before, corrected, shares, ...members] = await Promise.all([
    retention({ as_of: monthsBefore(asOf, 1) }),
    view.known ? get<Retention>('/v1/retention', scoped(view, asOf, false)) : null,
    Promise.all(PARTS.map(explain)),
    ...status.dimensions.map((by) => retention({ by })),
  ]);
  const row = rowIn(now.rows, view.scope);
  const [churned = [], contraction = [], expansion = []] = shares.map(({ rows }) =>
    rows.map((one) => moverOf(one, row?.opening_arr_minor ?? 0)),
  );
  return {
    asOf,
    currency: now.currency,
    row,
    before: rowIn(before.rows, view.scope),
    corrected: corrected === null ? null : rowIn(corrected.rows, view.scope),
    members: status.dimensions.map((dimension, index) => ({
      dimension,
      rows: members[index]?.rows ?? [],
    })),
    gains: greatest(expansion, LISTED),
    losses: greatest([...churned, ...contraction], LISTED),
  };
}

export async function askPast(
  view: View,
  asOf: string,
  calendar: Calendar,
  signal: AbortSignal,
): Promise<Past> {
  const get = <Answer>(path: string, query: Query): Promise<Answer> =>
    ask<Answer>(apiPath(path, query), signal);
  const day = calendar.day(asOf);
  const from = monthStart(day, -MONTHS);
  // A period ends before its `to`.
  const to = new Date(Date.parse(asOf) + 1).toISOString();
  const history = (known: boolean): Promise<History> =>
    get<History>('/v1/retention/history', {
      ...scoped(view, asOf, known),
      as_of: null,
      from,
      to,
      every: 'P1M',
    });
  // The newest figure can't be restated yet: the last month end's can.
  const restatedAt = view.asOf === null ? monthEnd(day, -1) : asOf;
  const [months, corrected, bridge, restated, restatements] = await Promise.all([
    history(view.known),
    view.known ? history(false) : null,
    get<Bridge>('/v1/movements', {
      from,
      to,
      every: 'P1M',
      by: view.scope?.dimension,
      known_at: view.known ? asOf : null,
    }),
    get<Restated>('/v1/explain/restated', {
      window: view.window,
      definition: view.definition,
      as_of: restatedAt,
    }),
    get<Restatements>('/v1/restatements', {}),
  ]);
  return {
    months: monthPoints(months.points, view.scope),
    corrected: corrected === null ? null : monthPoints(corrected.points, view.scope),
    bridge: bridge.rows.filter(({ member }) => member === (view.scope?.member ?? 'all')),
    restatements: restatements.rows,
    restated: { asOf: restatedAt, answer: restated },
  };
}
