/**
 * The ARR waterfall by period in SQL: the same rules as `domain/waterfall.ts`. A movement's kind is
 * as published; netted, a customer's opening and closing decide, and it is new where its first
 * movement of all lies in the period.
 */

import { ALL } from '@holdfast/domain/aggregates.ts';
import type { MovementKind } from '@holdfast/domain/delta.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { WaterfallQuery, WaterfallRow } from '@holdfast/domain/waterfall.ts';
import type { Period } from '@holdfast/domain/waterfall-periods.ts';
import type { Query } from './database.ts';
import { classificationsInForce, type KnownAt, knownBy, whole } from './known.ts';

/** The period of an instant: 1, 2, ... and 0 before the first. Periods follow each other. */
function periodSql(edges: readonly number[], first = 0, last = edges.length): string {
  if (first === last) return String(first);
  const middle = Math.floor((first + last) / 2);
  return `case when effective_at < ${whole(edges[middle] as number)}
    then ${periodSql(edges, first, middle)} else ${periodSql(edges, middle + 1, last)} end`;
}

/** What each customer did in each period: net change, movements in force, whether one is `new`. */
const doneSql = (periods: readonly Period[], knownAt: KnownAt): string => `
select customer, period, sum(amount) net, sum(op) steps,
  sum(op) filter (movement = 'new') > 0 as is_first
from (
  select customer, amount, op, movement, ${periodSql(periods.map(({ from }) => from))} period
  from deltas where effective_at < ${whole((periods.at(-1) as Period).to)}${knownBy(knownAt)}
) group by customer, period`;

const edgesSql = (periods: readonly Period[]): string =>
  `select * from (values ${periods
    .map(({ from, to }, index) => `(${index + 1}, ${whole(from)}, ${whole(to)})`)
    .join(', ')}) edges(period, from_, to_)`;

/**
 * The member of a customer in a period that it was active in: just before it, or at its end where
 * it had nothing then. Most customers have one classification, which holds at any time.
 */
const membersSql = (by: number, knownAt: KnownAt): string => `
classes as materialized (${classificationsInForce(knownAt, by)}),
single as materialized (
  select customer, any_value(member) member, count(*) classes from classes group by customer),
several as materialized (
  select customer, member, case when row_number() over
    (partition by customer order by effective_at) = 1 then -9000000000000000 else effective_at end as since
  from classes where customer in (select customer from single where classes > 1))`;

/** Netted, who came and left inside the period has no part in it. */
const movedSql = (gross: boolean): string => `
moved as materialized (
  select customer, period, is_first, steps, arr_before, arr_before + net as arr_after from (
    select customer, period, is_first, steps, net,
      coalesce(sum(net) over (partition by customer order by period
        rows between unbounded preceding and 1 preceding), 0) arr_before
    from done where customer in (select customer from done where period > 0)
  ) where period > 0 and (arr_before > 0 or ${gross ? 'steps > 0' : 'net > 0'}))`;

const ACTIVE_BY_MEMBER = `
active as materialized (
  select m.*, coalesce(case when classes = 1 then single.member else several.member end, 'unknown') member
  from (select moved.*, case when arr_before > 0 then from_ else to_ end - 1 at_
        from moved join edges using (period)) m
  left join single using (customer)
  asof left join several on m.customer = several.customer and m.at_ >= several.since)`;

const NET_SQL = `
select period, member,
  case when arr_before = arr_after then null
    when arr_before = 0 and is_first then 'new' when arr_before = 0 then 'reactivation'
    when arr_after = 0 then 'churn' when arr_after > arr_before then 'expansion' else 'contraction' end as movement,
  sum(abs(arr_after - arr_before)) amount, count(*) customers
from active group by all`;

/** Every movement in force; a customer counts once for each kind it moved by. */
const grossSql = (periods: readonly Period[], knownAt: KnownAt): string => `
select period, member, movement, sum(abs(amount)) amount, count(*) customers from (
  select customer, period, movement, sum(amount) amount, sum(op) steps from (
    select customer, amount, op, movement, ${periodSql(periods.map(({ from }) => from))} period
    from deltas where effective_at >= ${whole((periods[0] as Period).from)}
      and effective_at < ${whole((periods.at(-1) as Period).to)}${knownBy(knownAt)}
  ) group by customer, period, movement having sum(op) > 0
) join active using (customer, period) group by all
union all
select distinct period, member, null, 0, 0 from active`;

/** What was there before each period; of customers of one member as changes, still to be added up. */
const OPENING_SQL = `
select period + 1 period, member, sum(net) net, true adds from (
  select period, net, coalesce(single.member, 'unknown') member
  from done left join single using (customer) where coalesce(classes, 1) = 1
) group by period, member
union all
select period, coalesce(member, 'unknown'), sum(arr), false from (
  select e.period, any_value(e.from_) - 1 at_, done.customer, sum(net) arr
  from done join single on done.customer = single.customer and single.classes > 1
  join edges e on done.period < e.period
  group by e.period, done.customer having sum(net) > 0
) o asof left join several on o.customer = several.customer and o.at_ >= several.since
group by all`;

const OPENING_OF_ALL_SQL = `
select period + 1 period, 'all' member, sum(net) net, true adds from done group by period`;

interface MovedRow {
  readonly period: number;
  readonly member: string;
  /** Null: the customer has a part in the row, and did not move. */
  readonly movement: MovementKind | null;
  readonly amount: number;
  readonly customers: number;
}

interface OpeningRow {
  readonly period: number;
  readonly member: string;
  readonly net: number;
  readonly adds: boolean;
}

type Amounts = Record<MovementKind, { amount: number; customers: number }>;

const nothing = (): Amounts => ({
  new: { amount: 0, customers: 0 },
  reactivation: { amount: 0, customers: 0 },
  expansion: { amount: 0, customers: 0 },
  contraction: { amount: 0, customers: 0 },
  churn: { amount: 0, customers: 0 },
});

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The rows of `waterfall` of the domain. Throws `arr_overflow`. */
export async function movementsBy(
  query: Query,
  rules: Rules,
  { periods, dimension, gross }: WaterfallQuery,
  knownAt: KnownAt,
): Promise<readonly WaterfallRow[]> {
  const by = dimension === ALL ? null : rules.dimensions.indexOf(dimension);
  const tables = [
    `done as materialized (${doneSql(periods, knownAt)})`,
    `edges as (${edgesSql(periods)})`,
    ...(by === null ? [] : [membersSql(by, knownAt)]),
    movedSql(gross),
    by === null ? `active as (select *, 'all' member from moved)` : ACTIVE_BY_MEMBER,
  ];
  const having = `with ${tables.join(', ')}`;
  const moved = await query<MovedRow>(`${having} ${gross ? grossSql(periods, knownAt) : NET_SQL}`);
  const openings = await query<OpeningRow>(
    `${having} ${by === null ? OPENING_OF_ALL_SQL : OPENING_SQL}`,
  );
  const added = new Map<string, number>();
  return periods.flatMap((period, index) => {
    const number = index + 1;
    for (const { member, net } of openings.filter((row) => row.adds && row.period === number)) {
      added.set(member, (added.get(member) ?? 0) + net);
    }
    const opening = new Map(added);
    for (const { member, net } of openings.filter((row) => !row.adds && row.period === number)) {
      opening.set(member, (opening.get(member) ?? 0) + net);
    }
    const own = moved.filter((row) => row.period === number);
    const open = [...opening].filter(([, arr]) => arr > 0).map(([member]) => member);
    const named = new Set(
      dimension === ALL ? [ALL] : [...open, ...own.map(({ member }) => member)],
    );
    return [...named].sort(byText).map((member) => {
      const done = nothing();
      for (const row of own) {
        if (row.member !== member || row.movement === null) continue;
        done[row.movement].amount += row.amount;
        done[row.movement].customers += row.customers;
      }
      return rowOf(period, dimension, member, opening.get(member) ?? 0, done);
    });
  });
}

const rowOf = (
  period: Period,
  dimension: string,
  member: string,
  opening: number,
  { expansion, contraction, churn, reactivation, ...done }: Amounts,
): WaterfallRow => ({
  ...period,
  dimension,
  member,
  openingArrMinor: opening,
  newArrMinor: done.new.amount,
  reactivationArrMinor: reactivation.amount,
  expansionArrMinor: expansion.amount,
  contractionArrMinor: contraction.amount,
  churnedArrMinor: churn.amount,
  closingArrMinor:
    opening +
    done.new.amount +
    reactivation.amount +
    expansion.amount -
    contraction.amount -
    churn.amount,
  newCustomers: done.new.customers,
  reactivatedCustomers: reactivation.customers,
  expandedCustomers: expansion.customers,
  contractedCustomers: contraction.customers,
  churnedCustomers: churn.customers,
});
