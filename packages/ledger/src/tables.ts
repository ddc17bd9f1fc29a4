/**
 * The ledger's tables. `deltas` and `classified` hold the log as it was read, a row a delta, never
 * changed; a retraction is a row of its own with `op` -1 and its amount negated, so that a plain
 * sum is right. `member_steps` is made from `classified`, see member-steps.ts. Customers and members
 * are numbered, for numbers are what groups fast.
 */

import type { DuckDBConnection } from '@duckdb/node-api';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { Rules } from '@holdfast/domain/rules.ts';
import { appendMembers } from './append.ts';
import type { Query } from './database.ts';
import { memberColumn } from './known.ts';
import { allSteps, loadMembers } from './members.ts';

/** Raised when stored rows change their meaning; a newer one is refused. */
const FORMAT = 2;

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
create table if not exists members (dimension integer, code integer, member varchar);
`;

/** Makes what is missing. Throws `format_newer`, and `policy_changed` for another currency. */
export async function prepareTables(
  connection: DuckDBConnection,
  query: Query,
  rules: Rules,
): Promise<void> {
  for (const statement of TABLES.split(';')) if (statement.trim() !== '') await query(statement);
  const meta = new Map(
    (await query<{ name: string; value: string }>('select name, value from meta')).map(
      ({ name, value }) => [name, value],
    ),
  );
  const format = Number(meta.get('format') ?? 0);
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
  if (format < FORMAT) await dropOldMembers(query);
  if (format < FORMAT || meta.get('dimensions') !== dimensions) {
    await makeMembers(connection, query, rules.dimensions);
  }
  await query('delete from meta');
  const now = [
    ['format', String(FORMAT)],
    ['currency', currency],
    ['dimensions', dimensions],
  ] as const;
  for (const row of now) await query('insert into meta values ($1, $2)', row);
}

/** Format 1 kept members as texts in `classified`. */
async function dropOldMembers(query: Query): Promise<void> {
  const columns = await query<{ name: string }>(
    `select column_name as name from duckdb_columns()
     where table_name = 'classified' and starts_with(column_name, 'member_')`,
  );
  for (const { name } of columns) await query(`alter table classified drop column ${name}`);
}

/** The steps of all members, from the attributes that the rows hold. */
async function makeMembers(
  connection: DuckDBConnection,
  query: Query,
  dimensions: readonly string[],
): Promise<void> {
  const columns = ['customer integer', 'effective_at bigint', 'known_at bigint'];
  const codes = dimensions.map((_, index) => `${memberColumn(index)} integer`);
  await query(`create or replace table member_steps (${[...columns, ...codes].join(', ')})`);
  await query('delete from members');
  const [counted] = await query<{ count: number }>('select count(*) count from customers');
  const members = await loadMembers(query, dimensions);
  for await (const steps of allSteps(query, dimensions, members, counted?.count ?? 0)) {
    await appendMembers(connection, members, steps);
    for (const member of members) member.keep();
  }
}
