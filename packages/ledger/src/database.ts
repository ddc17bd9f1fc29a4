/**
 * One DuckDB database: a writer of its own and a few readers. Whole numbers come back as numbers;
 * one beyond safe integers stops with an error, never rounds. Knows no table.
 */

import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { arrOverflow } from '@holdfast/domain/overflow.ts';

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Runs one statement; the values are parameters, `$1` being the first. */
export type Query = <Found extends object = Row>(
  sql: string,
  values?: readonly (string | number)[],
) => Promise<readonly Found[]>;

export interface Database {
  /** Everything that `body` asks is of one moment. */
  read<Answer>(body: (query: Query) => Promise<Answer>): Promise<Answer>;
  /** All that `body` writes, or nothing; one writer at a time. */
  write<Answer>(
    body: (connection: DuckDBConnection, query: Query) => Promise<Answer>,
  ): Promise<Answer>;
  /** Ends once all that was asked is answered; what is asked after it never is. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A file, or null: in memory. */
  readonly path: string | null;
  /** Threads of queries. */
  readonly threads: number;
  /** Most memory of the database, MiB; beyond it DuckDB writes to disk where it has a file. */
  readonly memoryMiB: number;
}

const READERS = 3;

const plain = (value: DuckDBValue): Cell => {
  if (typeof value !== 'bigint') return value as Cell;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw arrOverflow('a sum of the ledger', number);
  return number;
};

const queryOn =
  (connection: DuckDBConnection): Query =>
  async <Found extends object>(sql: string, values: readonly (string | number)[] = []) => {
    const reader = await connection.runAndReadAll(sql, [...values]);
    return reader
      .getRowObjects()
      .map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
      ) as unknown as readonly Found[];
  };

/** Runs bodies in a transaction of their own on connections that wait for each other. */
const pool = (connections: readonly DuckDBConnection[]) => {
  const free = [...connections];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  const take = (): Promise<DuckDBConnection> | DuckDBConnection =>
    free.pop() ?? new Promise((resolve) => waiting.push(resolve));
  const giveBack = (connection: DuckDBConnection): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
  };
  const run = async <Answer>(
    begin: string,
    body: (connection: DuckDBConnection, query: Query) => Promise<Answer>,
  ): Promise<Answer> => {
    const connection = await take();
    try {
      await connection.run(begin);
      try {
        const answer = await body(connection, queryOn(connection));
        await connection.run('commit');
        return answer;
      } catch (error) {
        await connection.run('rollback').catch(() => undefined);
        throw error;
      }
    } finally {
      giveBack(connection);
    }
  };
  // Closed under a statement, a connection takes the process down.
  const close = async (): Promise<void> => {
    for (const taken of await Promise.all(connections.map(take))) taken.closeSync();
  };
  return { run, close };
};

export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const instance = await DuckDBInstance.create(options.path ?? ':memory:', {
    threads: String(options.threads),
    memory_limit: `${options.memoryMiB}MiB`,
    // Nothing outside of the database is read or loaded, whatever a statement says.
    enable_external_access: 'false',
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
  });
  const writer = await instance.connect();
  const readers = await Promise.all(Array.from({ length: READERS }, () => instance.connect()));
  const reading = pool(readers);
  const writing = pool([writer]);
  return {
    read: (body) => reading.run('begin transaction read only', (_, query) => body(query)),
    write: (body) => writing.run('begin transaction', body),
    close: async () => {
      await Promise.all([reading.close(), writing.close()]);
      instance.closeSync();
    },
  };
};
