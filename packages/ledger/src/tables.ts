/**
 * The ledger's tables. `deltas` and `classified` hold the log as it was read, a row a delta, never
 * changed; a retraction is a row of its own with `op` -1 and its amount negated, so that a plain
 * sum is right. Customers are numbered, for numbers are what groups fast.
 */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import type { Query } from './database.ts';

/** Raised when stored rows change their meaning; a newer one is refused. */
const FORMAT = 1;

const CAUSE = `event_id varchar, source varchar, topic varchar, cause_partition integer,
  cause_offset bigint, restatement varchar`;

const HEAD = `partition_ integer, sequence_ bigint, generation varchar, customer integer,
  effective_at bigint, known_at bigint, op tinyint`;

const TABLES = `
create table if not exists meta (name varchar, value varchar);
create table if not exists customers (customer integer, customer_id varchar);
create table if not exists progress
  (partition_ integer, next_offset bigint, next_sequence bigint, as_of bigint);
create table if not exists deltas (${HEAD}, movement varchar, arr_before bigint, arr_after bigint,
  amount bigint, drivers varchar, customer_name varchar, attributes varchar, ${CAUSE});
create table if not exists driver_parts (customer integer, effective_at bigint, known_at bigint,
  driver varchar, amount bigint);
create table if not exists classified (${HEAD}, name varchar, attributes varchar, ${CAUSE});
`;

/** The column of a dimension in `classified`, by its place in the policy. */
export const memberColumn = (index: number): string => `member_${index}`;

/** Makes what is missing. Throws `format_newer`, and `policy_changed` for another currency. */
export async function prepareTables(query: Query, rules: Rules): Promise<void> {
  for (const statement of TABLES.split(';')) if (statement.trim() !== '') await query(statement);
  const meta = new Map(
    (await query<{ name: string; value: string }>('select name, value from meta')).map(
      ({ name, value }) => [name, value],
    ),
  );
  const format = Number(meta.get('format') ?? FORMAT);
  if (format > FORMAT) {
    throw new HoldfastError('format_newer', `the ledger's file has format ${format}`);
  }
  const currency = rules.policy.reportingCurrency;
  if ((meta.get('currency') ?? currency) !== currency) {
    throw new HoldfastError(
      'policy_changed',
      `the ledger's file is in ${meta.get('currency')}, the policy reports in ${currency}`,
    );
  }
  const dimensions = JSON.stringify(rules.dimensions);
  if (meta.get('dimensions') !== dimensions) await nameMembers(query, rules.dimensions);
  await query('delete from meta');
  const now = [
    ['format', String(FORMAT)],
    ['currency', currency],
    ['dimensions', dimensions],
  ] as const;
  for (const row of now) await query('insert into meta values ($1, $2)', row);
}

/** A column for each dimension of the policy, from the attributes that the rows hold. */
async function nameMembers(query: Query, dimensions: readonly string[]): Promise<void> {
  for (const [index, dimension] of dimensions.entries()) {
    const column = memberColumn(index);
    await query(`alter table classified add column if not exists ${column} varchar`);
    await query(
      `update classified set ${column} =
        coalesce(nullif(json_extract_string(attributes, $1), ''), 'unknown')`,
      [`$."${dimension.replaceAll('"', '""')}"`],
    );
  }
}
