/**
 * What a figure is made of: each customer's share, the greatest difference first, with the drivers
 * and the events of the movements in force inside the window.
 */

import { ALL } from '@holdfast/domain/aggregates.ts';
import type { Share, Span } from '@holdfast/domain/definitions/definition.ts';
import type { MovementKind } from '@holdfast/domain/delta.ts';
import { spanToExplain } from '@holdfast/domain/explain.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { Query } from './database.ts';
import { classificationsInForce, heldAt, knownBy, whole } from './known.ts';
import {
  type DriverJson,
  inForceOf,
  MOVEMENTS_SQL,
  type MovementRow,
  movementOf,
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

interface ShareRow extends Share {
  readonly customer: number;
  readonly customer_id: string;
  readonly member: string;
  readonly difference: number;
}

/** Shares with the customer's id, its member and what the order goes by. */
function sharesOf(rules: Rules, asked: ExplainQuery, span: Span): string {
  const { dimension, part, customer, member } = asked;
  const by = dimension === ALL ? null : rules.dimensions.indexOf(dimension);
  const members =
    by === null
      ? ''
      : `left join (select customer, ${heldAt('member', span.start - 1)} member
          from (${classificationsInForce(asked.knownAt, by)}) group by customer) using (customer)`;
  return `
select * from (
  select s.*, customer_id, ${by === null ? "'all'" : "coalesce(member, 'unknown')"} member,
    ${part ?? 'abs(closing - opening)'} difference
  from (${sharesSql(asked.definition.name, span, asked.knownAt)}) s
  join customers using (customer) ${members}
  where has_part
    ${part === null ? '' : `and ${part} > 0`}
    ${customer === null ? '' : `and s.customer = ${whole(customer)}`}
) ${member === null ? '' : 'where member = $1'}`;
}

/** Throws `usage` as `spanToExplain` of the domain does. */
export async function explainAt(
  query: Query,
  rules: Rules,
  asked: ExplainQuery,
): Promise<Explained> {
  const span = spanToExplain(rules, asked);
  const member = asked.member === null ? [] : [asked.member];
  const shares = `with shares as materialized (${sharesOf(rules, asked, span)})`;
  const [counted] = await query<{ count: number }>(
    `${shares} select count(*) count from shares`,
    member,
  );
  const drivers = await query<DriverSum>(
    `${shares} select driver, sum(amount) "amountMinor" from driver_parts
     where effective_at >= ${whole(span.start)} and effective_at < ${whole(span.end)}
       ${knownBy(asked.knownAt)} and customer in (select customer from shares)
     group by driver having sum(amount) <> 0 order by abs(sum(amount)) desc, driver`,
    member,
  );
  const place =
    asked.after === null
      ? ''
      : `where difference < ${whole(asked.after.difference)} or
          (difference = ${whole(asked.after.difference)} and customer_id > $${member.length + 1})`;
  const rows = await query<ShareRow>(
    `${shares} select * from shares ${place}
     order by difference desc, customer_id limit ${whole(asked.limit)}`,
    [...member, ...(asked.after === null ? [] : [asked.after.customerId])],
  );
  const numbers = rows.map(({ customer }) => customer);
  const names = await namesAt(query, numbers, asked);
  const movements = await movementsWithin(query, numbers, span, asked);
  return {
    customers: counted?.count ?? 0,
    drivers,
    rows: rows.map((row) => {
      const own = movements.get(row.customer) ?? [];
      return {
        customerId: row.customer_id,
        name: names.get(row.customer) ?? null,
        member: row.member,
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
  const own = ` and customer in (${customers.map(whole).join(', ')})`;
  // A name that is null holds, too, but arg_max passes nulls over.
  const rows = await query<{ customer: number; name: string | null }>(
    `select customer, ${heldAt("coalesce('=' || name, '')", asOf)} as name
     from (${classificationsInForce(knownAt, null, own)}) group by customer`,
  );
  return new Map(rows.map(({ customer, name }) => [customer, name ? name.slice(1) : null]));
}

async function movementsWithin(
  query: Query,
  customers: readonly number[],
  { start, end }: Span,
  { knownAt }: ExplainQuery,
): Promise<ReadonlyMap<number, readonly MovementRow[]>> {
  const stored = await query<StoredMovement>(
    `${MOVEMENTS_SQL} ${ofCustomers(customers)} and d.effective_at >= ${whole(start)}
     and d.effective_at < ${whole(end)}${knownBy(knownAt, 'd.')} order by d.sequence_`,
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
