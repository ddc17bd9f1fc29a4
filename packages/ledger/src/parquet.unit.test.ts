import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { parquetOf } from './parquet.ts';

it('a Parquet file holds the rows that it was made from', async () => {
  const columns = [
    { name: 'member', kind: 'text' },
    { name: 'arr "x"', kind: 'integer' },
    { name: 'nrr', kind: 'number' },
  ] as const;
  const rows = [
    ["o'clock", Number.MAX_SAFE_INTEGER, 1.25],
    ['=1', -3, null],
    [null, null, 0],
  ];
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-parquet-test-'));
  const file = join(folder, 'a.parquet');
  writeFileSync(file, await parquetOf(columns, rows));
  const connection = await (await DuckDBInstance.create()).connect();
  const read = await connection.runAndReadAll(`select * from '${file}'`);
  expect(read.columnNames()).toEqual(columns.map(({ name }) => name));
  expect(read.getRows()).toEqual(
    rows.map(([member, arr, nrr]) => [member, arr === null ? null : BigInt(arr!), nrr]),
  );
  rmSync(folder, { recursive: true });
});
