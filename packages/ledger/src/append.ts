/** Puts deltas into their tables, column by column: the fastest way in. */

import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  TINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { ArrDelta, Cause, CustomerClassified, Delta } from '@holdfast/domain/delta.ts';
import type { CustomerStep } from './member-steps.ts';
import type { Members } from './numbering.ts';

/** A delta that the ledger does not hold yet. */
export interface Placed<Kind extends Delta = Delta> {
  readonly partition: number;
  readonly sequence: number;
  readonly generation: string;
  /** The customer's number. */
  readonly customer: number;
  readonly delta: Kind;
}

interface Column<Row> {
  readonly type: DuckDBType;
  readonly of: (row: Row) => DuckDBValue;
}
type DeltaColumn<Kind extends Delta> = Column<Placed<Kind>>;

const integer = <Kind extends Delta>(of: (placed: Placed<Kind>) => number): DeltaColumn<Kind> => ({
  type: INTEGER,
  of,
});
const long = <Kind extends Delta>(of: (delta: Placed<Kind>) => number): DeltaColumn<Kind> => ({
  type: BIGINT,
  of: (placed) => BigInt(of(placed)),
});
const text = <Kind extends Delta>(of: (delta: Kind) => string | null): DeltaColumn<Kind> => ({
  type: VARCHAR,
  of: ({ delta }) => of(delta),
});

const head = <Kind extends Delta>(): readonly DeltaColumn<Kind>[] => [
  integer(({ partition }) => partition),
  long(({ sequence }) => sequence),
  { type: VARCHAR, of: ({ generation }) => generation },
  integer(({ customer }) => customer),
  long(({ delta }) => delta.effectiveAt),
  long(({ delta }) => delta.knownAt),
  { type: TINYINT, of: ({ delta }) => (delta.op === 'assert' ? 1 : -1) },
];

const causeOf = <Kind extends Delta>(of: (cause: Cause) => string): DeltaColumn<Kind> =>
  text(({ cause }) => of(cause));

const cause = <Kind extends Delta>(): readonly DeltaColumn<Kind>[] => [
  causeOf(({ eventId }) => eventId),
  causeOf(({ source }) => source),
  causeOf(({ topic }) => topic),
  integer(({ delta }) => delta.cause.partition),
  long(({ delta }) => delta.cause.offset),
  text(({ restatement }) => restatement),
];

const attributes = <Kind extends Delta>(): DeltaColumn<Kind> =>
  text((delta) => JSON.stringify(delta.attributes));

const DELTAS: readonly DeltaColumn<ArrDelta>[] = [
  ...head<ArrDelta>(),
  text(({ movement }) => movement),
  long(({ delta }) => delta.arrBeforeMinor),
  long(({ delta }) => delta.arrAfterMinor),
  long(({ delta }) => delta.amountMinor),
  // As the answers show them.
  text(({ drivers }) =>
    JSON.stringify(
      drivers.map(({ driver, productId, amountMinor }) => ({
        driver,
        product_id: productId,
        amount_minor: amountMinor,
      })),
    ),
  ),
  text(({ customerName }) => customerName),
  attributes(),
  ...cause<ArrDelta>(),
];

const CLASSIFIED: readonly DeltaColumn<CustomerClassified>[] = [
  ...head<CustomerClassified>(),
  text(({ name }) => name),
  attributes(),
  ...cause<CustomerClassified>(),
];

interface DriverPart {
  readonly placed: Placed<ArrDelta>;
  readonly driver: ArrDelta['drivers'][number];
}

const DRIVER_PARTS: readonly Column<DriverPart>[] = [
  { type: INTEGER, of: ({ placed }) => placed.customer },
  { type: BIGINT, of: ({ placed }) => BigInt(placed.delta.effectiveAt) },
  { type: BIGINT, of: ({ placed }) => BigInt(placed.delta.knownAt) },
  { type: VARCHAR, of: ({ driver }) => driver.driver },
  { type: BIGINT, of: ({ driver }) => BigInt(driver.amountMinor) },
];

/** DuckDB's own size of a chunk. */
const CHUNK_ROWS = 2_048;

async function appendAll<Row>(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const appender = await connection.createAppender(table);
  const types = columns.map(({ type }) => type);
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const part = rows.slice(from, from + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, part.length);
    chunk.setColumns(columns.map(({ of }) => part.map(of)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

const stepColumns = (dimensions: number): readonly Column<CustomerStep>[] => [
  { type: INTEGER, of: ({ customer }) => customer },
  { type: BIGINT, of: ({ effectiveAt }) => BigInt(effectiveAt) },
  { type: BIGINT, of: ({ knownAt }) => BigInt(knownAt) },
  ...Array.from({ length: dimensions }, (_, index) => ({
    type: INTEGER,
    of: ({ codes }: CustomerStep) => codes[index] as number,
  })),
];

const MEMBERS: readonly Column<readonly [dimension: number, code: number, member: string]>[] = [
  { type: INTEGER, of: ([dimension]) => dimension },
  { type: INTEGER, of: ([, code]) => code },
  { type: VARCHAR, of: ([, , member]) => member },
];

const CUSTOMERS: readonly Column<readonly [customer: number, id: string]>[] = [
  { type: INTEGER, of: ([customer]) => customer },
  { type: VARCHAR, of: ([, id]) => id },
];

/** The steps, and the members that were given numbers. */
export async function appendMembers(
  connection: DuckDBConnection,
  members: Members,
  steps: readonly CustomerStep[],
): Promise<void> {
  await appendAll(connection, 'member_steps', stepColumns(members.length), steps);
  const given = members.flatMap((member, dimension) =>
    member.given.map(([code, name]) => [dimension, code, name] as const),
  );
  await appendAll(connection, 'members', MEMBERS, given);
}

export interface Appending {
  readonly deltas: readonly Placed<ArrDelta>[];
  readonly classified: readonly Placed<CustomerClassified>[];
  readonly customers: readonly (readonly [customer: number, id: string])[];
}

export async function append(
  connection: DuckDBConnection,
  { deltas, classified, customers }: Appending,
): Promise<void> {
  await appendAll(connection, 'deltas', DELTAS, deltas);
  const parts = deltas.flatMap((placed) =>
    placed.delta.drivers.map((driver) => ({ placed, driver })),
  );
  await appendAll(connection, 'driver_parts', DRIVER_PARTS, parts);
  await appendAll(connection, 'classified', CLASSIFIED, classified);
  await appendAll(connection, 'customers', CUSTOMERS, customers);
}
