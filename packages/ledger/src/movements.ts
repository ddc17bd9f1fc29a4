/**
 * The ARR waterfall by period in SQL: the same rules as `domain/waterfall.ts`. A movement's kind is
 * as published; netted, a customer's opening and closing decide, and it is new where its first
 * movement of all lies in the period.
 */

import { ALL } from '@holdfast/domain/aggregates.ts';
import type { MovementKind } from '@holdfast/domain/delta.ts';
import type { WaterfallQuery, WaterfallRow } from '@holdfast/domain/waterfall.ts';
import type { Period } from '@holdfast/domain/waterfall-periods.ts';
import type { Query } from './database.ts';
import { type KnownAt, knownBy, memberColumn, UP_TO_HERE, whole } from './known.ts';
import type { Held } from './members.ts';
import { periodSql } from './periods-sql.ts';

/** What each customer did in each period: net change, movements in force, whether one is `new`. */
const doneSql = (periods: readonly Period[], knownAt: KnownAt, by: number | null): string => {
  const where = `effective_at < ${whole((periods.at(-1) as Period).to)}${knownBy(knownAt)}`;
  const period = periodSql(periods.map(({ from }) => from));
  return `
select customer, period, sum(amount) net, sum(op) steps, sum(first) > 0 is_first, sum(code) moved
from (
  select customer, amount, op, case when movement = 'new' then op else 0 end as first, 0 code,
    ${period} period
  from deltas where ${where}
  ${
    by === null
      ? ''
      : `union all
         select customer, 0, 0, 0, ${memberColumn(by)}, ${period} from member_steps where ${where}`
  }
) group by customer, period`;
};

/** ARR and member of each customer before and after each period that it changed in. */
const statesSql = (by: number | null): string => `
select *, arr_after - net arr_before, member_after - moved member_before from (
  select customer, period, is_first, steps, net, moved,
    sum(net) over w arr_after, ${by === null ? '0' : 'sum(moved) over w'} member_after
  from done window w as (partition by customer order by period ${UP_TO_HERE}))`;

/**
 * Who has a part in a period, under the member just before it, or at its end for a customer that
 * had nothing then. Netted, who came and left inside the period has none.
 */
const activeSql = (gross: boolean): string => `
select customer, period, arr_before, arr_after, is_first,
  case when arr_before > 0 then member_before else member_after end as member
from states where period > 0 and (arr_before > 0 or ${gross ? 'steps > 0' : 'net > 0'})`;

const NET = `
select period, member,
  case when arr_before = 0 and is_first then 'new' when arr_before = 0 then 'reactivation'
    when arr_after = 0 then 'churn' when arr_after > arr_before then 'expansion' else 'contraction' end as movement,
  sum(abs(arr_after - arr_before)) amount, count(*) customers
from active where arr_before <> arr_after group by all`;

/** Every movement in force; a customer counts once for each kind it moved by. */
const grossSql = (periods: readonly Period[], knownAt: KnownAt): string => `
select period, member, movement, sum(abs(amount)) amount, count(*) customers from (
  select customer, period, movement, sum(amount) amount, sum(op) steps from (
    select customer, amount, op, movement, ${periodSql(periods.map(({ from }) => from))} period
    from deltas where effective_at >= ${whole((periods[0] as Period).from)}
      and effective_at < ${whole((periods.at(-1) as Period).to)}${knownBy(knownAt)}
  ) group by customer, period, movement having sum(op) > 0
) join active using (customer, period) group by all`;

/** What a period changes for the openings after it. */
const OPENING_OF_ALL = `
select period, 0, null, sum(net), 0 from done group by period`;

/** The same, under the member before it and after it. */
const OPENING = `
select period, member_before member, null, -sum(arr_before), 0 from states
where arr_before <> 0 group by all
union all
select period, member_after, null, sum(arr_after), 0 from states where arr_after <> 0 group by all`;

interface MovedRow {
  readonly period: number;
  /** Its number. */
  readonly member: number;
  /** Null: a change of the openings after the period. */
  readonly movement: MovementKind | null;
  readonly amount: number;
  readonly customers: number;
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
  { rules, members }: Held,
  { periods, dimension, gross }: WaterfallQuery,
  knownAt: KnownAt,
): Promise<readonly WaterfallRow[]> {
  const by = dimension === ALL ? null : rules.dimensions.indexOf(dimension);
  const rows = await query<MovedRow>(
    `with done as materialized (${doneSql(periods, knownAt, by)}),
     states as materialized (${statesSql(by)}),
     active as (${activeSql(gross)})
     ${gross ? grossSql(periods, knownAt) : NET}
     union all ${by === null ? OPENING_OF_ALL : OPENING}`,
  );
  const nameOf = (code: number): string =>
    by === null ? ALL : (members[by]?.nameOf(code) as string);
  const byPeriod = Map.groupBy(rows, ({ period }) => period);
  const opening = new Map<number, number>();
  const closePeriod = (number: number): void => {
    for (const { member, movement, amount } of byPeriod.get(number) ?? []) {
      if (movement === null) opening.set(member, (opening.get(member) ?? 0) + amount);
    }
  };
  return periods.flatMap((period, index) => {
    closePeriod(index);
    const own = (byPeriod.get(index + 1) ?? []).filter(({ movement }) => movement !== null);
    const open = [...opening].filter(([, arr]) => arr > 0).map(([member]) => member);
    const named = new Set(by === null ? [0] : [...open, ...own.map(({ member }) => member)]);
    return [...named]
      .sort((a, b) => byText(nameOf(a), nameOf(b)))
      .map((member) => {
        const done = nothing();
        for (const row of own) {
          if (row.member !== member || row.movement === null) continue;
          done[row.movement].amount += row.amount;
          done[row.movement].customers += row.customers;
        }
        return rowOf(period, dimension, nameOf(member), opening.get(member) ?? 0, done);
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
