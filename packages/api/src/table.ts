/**
 * Answers as tables, for analysts: CSV (RFC 4180) and what Parquet is made from. A column's kind
 * comes from the answer's schema; what is nested is JSON text.
 */

import type { ParquetColumn } from '@holdfast/ledger/parquet.ts';
import type { z } from 'zod';

export type TableRow = Readonly<Record<string, unknown>>;

interface AnyType {
  readonly _zod: {
    readonly def: { readonly type: string; readonly innerType?: AnyType; readonly format?: string };
  };
}

const kindOf = ({ _zod: { def } }: AnyType): ParquetColumn['kind'] => {
  if (def.innerType !== undefined) return kindOf(def.innerType);
  if (def.type === 'number') return def.format === 'safeint' ? 'integer' : 'number';
  return 'text';
};

export const columnsOf = (row: z.ZodObject): readonly ParquetColumn[] =>
  Object.entries(row.shape).map(([name, type]) => ({ name, kind: kindOf(type as AnyType) }));

export type Value = string | number | null;

export const cellOf = (row: TableRow, { name }: ParquetColumn): Value => {
  const value = row[name];
  if (value === null || value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
};

/** Spreadsheets run texts that begin so; an apostrophe keeps them texts. */
const FORMULA = /^[=+\-@\t\r]/;

const cell = (value: Value): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csvOf = (columns: readonly ParquetColumn[], rows: readonly TableRow[]): string =>
  [
    columns.map(({ name }) => cell(name)),
    ...rows.map((row) => columns.map((column) => cell(cellOf(row, column)))),
  ]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
