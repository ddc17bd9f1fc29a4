/** Rows as a Parquet file, written by a database that lives as long as the writing. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

export interface ParquetColumn {
  readonly name: string;
  readonly kind: 'integer' | 'number' | 'text';
}

const TYPES = { integer: 'bigint', number: 'double', text: 'varchar' } as const;

/** `rows`: values in the order of the columns. */
export async function parquetOf(
  columns: readonly ParquetColumn[],
  rows: readonly (readonly (string | number | null)[])[],
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-parquet-'));
  const file = join(folder, 'answer.parquet');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const types = columns.map(({ name, kind }) => `"${name.replaceAll('"', '""')}" ${TYPES[kind]}`);
    await connection.run(`create table answer (${types.join(', ')})`);
    const appender = await connection.createAppender('answer');
    for (const row of rows) {
      row.forEach((value, index) => {
        if (value === null) appender.appendNull();
        else if (typeof value === 'string') appender.appendVarchar(value);
        else if (columns[index]?.kind === 'integer') appender.appendBigInt(BigInt(value));
        else appender.appendDouble(value);
      });
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`copy answer to '${file.replaceAll("'", "''")}' (format parquet)`);
    return await readFile(file);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}
