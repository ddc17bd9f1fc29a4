/** Keeps the table of member steps, and the numbers of members, as classifications are taken in. */

import type { CustomerClassified } from '@holdfast/domain/delta.ts';
import { memberOf, UNKNOWN_MEMBER } from '@holdfast/domain/profile.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { Placed } from './append.ts';
import type { Query } from './database.ts';
import { whole } from './known.ts';
import { type CustomerStep, type MemberStep, memberSteps, type Told } from './member-steps.ts';
import { type Members, type Numbering, numbering } from './numbering.ts';

export async function loadMembers(query: Query, dimensions: readonly string[]): Promise<Members> {
  const rows = await query<{ dimension: number; member: string }>(
    'select dimension, member from members order by dimension, code',
  );
  return dimensions.map((_, index) =>
    numbering([
      UNKNOWN_MEMBER,
      ...rows.filter(({ dimension }) => dimension === index).map(({ member }) => member),
    ]),
  );
}

/** What questions need to know beyond the tables. */
export interface Held {
  readonly rules: Rules;
  readonly members: Members;
}

type Attributes = Readonly<Record<string, string>>;

const codesOf = (
  dimensions: readonly string[],
  members: Members,
  attributes: Attributes,
): readonly number[] =>
  dimensions.map((dimension, index) =>
    (members[index] as Numbering).give(memberOf({ name: null, attributes }, dimension)),
  );

interface StoredRow {
  readonly customer: number;
  readonly effective_at: number;
  readonly known_at: number;
  readonly op: 1 | -1;
  readonly attributes: string;
}

/** Of each customer, in the order of their sequence. */
async function held(
  query: Query,
  dimensions: readonly string[],
  members: Members,
  where: string,
): Promise<ReadonlyMap<number, readonly Told[]>> {
  const rows = await query<StoredRow>(
    `select customer, effective_at, known_at, op, attributes from classified
     where ${where} order by sequence_`,
  );
  const byCustomer = Map.groupBy(rows, ({ customer }) => customer);
  return new Map(
    [...byCustomer].map(([customer, own]) => [
      customer,
      own.map((row) => ({
        effectiveAt: row.effective_at,
        knownAt: row.known_at,
        op: row.op === 1 ? ('assert' as const) : ('retract' as const),
        codes: codesOf(dimensions, members, JSON.parse(row.attributes) as Attributes),
      })),
    ]),
  );
}

const ofCustomer = (customer: number, steps: readonly MemberStep[]): readonly CustomerStep[] =>
  steps.map((step) => ({ customer, ...step }));

/**
 * The steps of classifications that are not stored yet. Takes those out that are to be made anew.
 * `isNew`: nothing is stored of that customer.
 */
export async function stepsOf(
  query: Query,
  dimensions: readonly string[],
  members: Members,
  placed: readonly Placed<CustomerClassified>[],
  isNew: (customer: number) => boolean,
): Promise<readonly CustomerStep[]> {
  if (dimensions.length === 0) return [];
  const byCustomer = Map.groupBy(placed, ({ customer }) => customer);
  const known = [...byCustomer.keys()].filter((customer) => !isNew(customer));
  const before =
    known.length === 0
      ? new Map<number, readonly Told[]>()
      : await held(query, dimensions, members, `customer in (${known.map(whole).join(', ')})`);
  const steps: CustomerStep[] = [];
  const anew: number[] = [];
  for (const [customer, own] of byCustomer) {
    const told = own.map(({ delta }) => ({
      effectiveAt: delta.effectiveAt,
      knownAt: delta.knownAt,
      op: delta.op,
      codes: codesOf(dimensions, members, delta.attributes),
    }));
    const past = before.get(customer) ?? [];
    const more = memberSteps(past, told);
    if (more === null) anew.push(customer);
    steps.push(...ofCustomer(customer, more ?? memberSteps([], [...past, ...told]) ?? []));
  }
  if (anew.length > 0) {
    await query(`delete from member_steps where customer in (${anew.map(whole).join(', ')})`);
  }
  return steps;
}

/** Customers at a time, so that what is in memory stays small. */
const CUSTOMERS_AT_ONCE = 50_000;

/** The steps of all classifications that are stored, some customers at a time. */
export async function* allSteps(
  query: Query,
  dimensions: readonly string[],
  members: Members,
  customers: number,
): AsyncGenerator<readonly CustomerStep[]> {
  for (let from = 0; from < customers; from += CUSTOMERS_AT_ONCE) {
    const to = from + CUSTOMERS_AT_ONCE;
    const where = `customer >= ${whole(from)} and customer < ${whole(to)}`;
    const rows = await held(query, dimensions, members, where);
    yield [...rows].flatMap(([customer, told]) =>
      ofCustomer(customer, memberSteps([], told) ?? []),
    );
  }
}
