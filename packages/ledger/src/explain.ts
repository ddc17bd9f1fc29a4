/**
 * What a figure is made of: each customer's share, the greatest difference first, with the drivers
 * and the events of the movements in force inside the window.
 */

import { ALL } from '@holdfast/domain/aggregates.ts';
import type { Share, Span } from '@holdfast/domain/definitions/definition.ts';
import type { MovementKind } from '@holdfast/domain/delta.ts';
import { spanToExplain } from '@holdfast/domain/explain.ts';
import type { Query } from './database.ts';
import { knownBy, whole } from './known.ts';
import type { Held } from './members.ts';
import {
  type DriverJson,
  inForceOf,
  type MovementRow,
  movementOf,
  movementsSql,
  ofCustomers,
  type StoredMovement,
} from './movement-rows.ts';
import type { Asked } from './retention.ts';
import { sharesSql } from './shares.ts';

export type SharePart = 'expansion' | 'contraction' | 'churned';

/** A place among the shares: those after it have a lesser difference. */
export interface SharePlace {
  readonly difference: number;
  readonly customerId: string;
}

export interface ExplainQuery extends Asked {
  readonly asOf: number;
  readonly member: string | null;
  readonly part: SharePart | null;
  /** A customer's number. */
  readonly customer: number | null;
  readonly limit: number;
  readonly after: SharePlace | null;
}

export interface ExplainedEvent {
  readonly eventId: string;
  readonly source: string;
  readonly effectiveAt: number;
  readonly knownAt: number;
  readonly movement: MovementKind;
  readonly amountMinor: number;
}

export interface ExplainedCustomer extends Share {
  readonly customerId: string;
  /** At the as-of. */
  readonly name: string | null;
  /** Just before the window. */
  readonly member: string;
  /** What the order goes by: the absolute difference, or the part that is asked for. */
  readonly difference: number;
  readonly drivers: readonly DriverJson[];
  readonly events: readonly ExplainedEvent[];
}

export interface DriverSum {
  readonly driver: DriverJson['driver'];
  readonly amountMinor: number;
}

export interface Explained {
  /** Of all movements in the window of whoever has a part, on all pages; the greatest first. */
  readonly drivers: readonly DriverSum[];
  readonly rows: readonly ExplainedCustomer[];
  /** With a part in what is asked, on all pages. */
  readonly customers: number;
}

/** A share of the page, and beside it what is said of all shares; one row where the page is empty. */
interface ShareRow extends Share {
  readonly of_all: number;
  /** `driver:amount`, the greatest first, with commas between. */
  readonly driver_sums: string | null;
  readonly customer: number | null;
  readonly customer_id: string;
  readonly m: number;
  readonly difference: number;
}

/** Shares with what the order goes by. */
function sharesOf({ rules, members }: Held, asked: ExplainQuery, span: Span): string {
  const { dimension, part, customer, member, knownAt } = asked;
  const by = dimension === ALL ? null : rules.dimensions.indexOf(dimension);
  const code = by === null || member === null ? null : members[by]?.numberOf(member);
  return `
select *, ${part ?? 'abs(closing - opening)'} difference
from (${sharesSql({ name: asked.definition.name, span, knownAt, by })})
where has_part
  ${part === null ? '' : `and ${part} > 0`}
  ${customer === null ? '' : `and customer = ${whole(customer)}`}
  ${code === null ? '' : `and m = ${whole(code ?? -1)}`}`;
}

/** Throws `usage` as `spanToExplain` of the domain does. */
export async function explainAt(query: Query, held: Held, asked: ExplainQuery): Promise<Explained> {
  const { rules, members } = held;
  const { dimension, after, knownAt } = asked;
  const span = spanToExplain(rules, asked);
  const [upTo, below, place] =
    after === null
      ? ['', '', '']
      : [
          `and difference <= ${whole(after.difference)}`,
          `where difference < ${whole(after.difference)}`,
          `where difference < ${whole(after.difference)} or customer_id > $1`,
        ];
  const found = await query<ShareRow>(
    `with shares as materialized (${sharesOf(held, asked, span)}),
     driver_sums as (
       select driver, sum(amount) amount from driver_parts
       where effective_at >= ${whole(span.start)} and effective_at < ${whole(span.end)}
         ${knownBy(knownAt)} and customer in (select customer from shares)
       group by driver having sum(amount) <> 0),
     least as (
       select coalesce(min(difference), ${whole(after?.difference ?? 0)}) least
       from (select difference from shares ${below} order by difference desc limit ${whole(asked.limit)})),
     -- Ids decide among equals only, so that few are looked up.
     near as materialized (
       select * from shares where difference >= (select least from least) ${upTo}),
     page as (
       select near.*, customer_id from near join customers using (customer) ${place}
       order by difference desc, customer_id limit ${whole(asked.limit)})
     select page.*, (select count(*) from shares) of_all,
       (select string_agg(driver || ':' || amount, ',' order by abs(amount) desc, driver)
        from driver_sums) driver_sums
     from (select 1) left join page on true
     order by difference desc, customer_id`,
    after === null ? [] : [after.customerId],
  );
  const rows = found.filter(
    (row): row is ShareRow & { readonly customer: number } => row.customer !== null,
  );
  const of = members[rules.dimensions.indexOf(dimension)];
  const numbers = rows.map(({ customer }) => customer);
  const names = await namesAt(query, numbers, asked);
  const movements = await movementsWithin(query, numbers, span, asked);
  return {
    customers: found[0]?.of_all ?? 0,
    drivers: driverSums(found[0]?.driver_sums ?? null),
    rows: rows.map((row) => {
      const own = movements.get(row.customer) ?? [];
      return {
        customerId: row.customer_id,
        name: names.get(row.customer) ?? null,
        member: of?.nameOf(row.m) ?? ALL,
        difference: row.difference,
        opening: row.opening,
        closing: row.closing,
        expansion: row.expansion,
        contraction: row.contraction,
        churned: row.churned,
        kept: row.kept,
        drivers: sumDrivers(own),
        events: own.map((movement) => ({
          eventId: movement.cause.eventId,
          source: movement.cause.source,
          effectiveAt: movement.effectiveAt,
          knownAt: movement.knownAt,
          movement: movement.movement,
          amountMinor: movement.amountMinor,
        })),
      };
    }),
  };
}

/** Names of customers at an instant, as known then. */
export async function namesAt(
  query: Query,
  customers: readonly number[],
  { asOf, knownAt }: Pick<ExplainQuery, 'asOf' | 'knownAt'>,
): Promise<ReadonlyMap<number, string | null>> {
  if (customers.length === 0) return new Map();
  const said = await query<{
    readonly customer: number;
    readonly effectiveAt: number;
    readonly op: 'assert' | 'retract';
    readonly name: string | null;
  }>(
    `select customer, effective_at "effectiveAt", name,
       case when op = 1 then 'assert' else 'retract' end op
     from classified where customer in (${customers.map(whole).join(', ')})${knownBy(knownAt)}
     order by sequence_`,
  );
  const rows = Map.groupBy(said, ({ customer }) => customer);
  return new Map(
    [...rows].map(([customer, own]) => {
      const { inForce } = inForceOf(own);
      const held = inForce.findLast(({ effectiveAt }) => effectiveAt <= asOf) ?? inForce[0];
      return [customer, held?.name ?? null];
    }),
  );
}

const driverSums = (text: string | null): readonly DriverSum[] =>
  (text?.split(',') ?? []).map((one) => {
    const [driver, amount] = one.split(':');
    return { driver: driver as DriverSum['driver'], amountMinor: Number(amount) };
  });

async function movementsWithin(
  query: Query,
  customers: readonly number[],
  { start, end }: Span,
  { knownAt }: ExplainQuery,
): Promise<ReadonlyMap<number, readonly MovementRow[]>> {
  const stored = await query<StoredMovement>(
    movementsSql(
      `${ofCustomers(customers)} and effective_at >= ${whole(start)}
       and effective_at < ${whole(end)}${knownBy(knownAt)}`,
      'sequence_',
    ),
  );
  const rows = Map.groupBy(stored.map(movementOf), ({ customer }) => customer);
  return new Map([...rows].map(([customer, own]) => [customer, inForceOf(own).inForce]));
}

/** Of all movements together, by driver and product; the greatest first. */
export function sumDrivers(movements: readonly MovementRow[]): readonly DriverJson[] {
  const sums = new Map<string, DriverJson>();
  for (const one of movements.flatMap(({ drivers }) => drivers)) {
    const key = `${one.driver} ${one.product_id}`;
    const amount_minor = (sums.get(key)?.amount_minor ?? 0) + one.amount_minor;
    sums.set(key, { ...one, amount_minor });
  }
  return [...sums]
    .sort(
      ([a, one], [b, other]) =>
        Math.abs(other.amount_minor) - Math.abs(one.amount_minor) || (a < b ? -1 : 1),
    )
    .map(([, driver]) => driver);
}
