/** The schema files keep the rules that CONTRACTS and registries lean on. */

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AnySchema, schemaOf } from '../testing/vanilla.ts';
import { avroName, NEWEST_VERSION, type RecordName, SCHEMA_FOLDER } from './schemas.ts';

const RECORDS = Object.keys(NEWEST_VERSION) as RecordName[];

const parts = (schema: unknown): AnySchema[] => {
  if (Array.isArray(schema)) return schema.flatMap(parts);
  if (typeof schema !== 'object' || schema === null) return [];
  const part = schema as AnySchema;
  return [
    part,
    ...(part.fields ?? []).flatMap((field) => parts(field.type)),
    ...parts(part.items),
    ...parts(part.values),
  ];
};

const versionsOnDisk = (record: RecordName): number[] =>
  readdirSync(new URL(`${record}/`, SCHEMA_FOLDER))
    .flatMap((file) => /^v(\d+)\.avsc$/.exec(file)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

describe('the schema files', () => {
  it('are a folder for each record that the code knows, and no other', () => {
    expect(readdirSync(SCHEMA_FOLDER).sort()).toEqual([...RECORDS].sort());
  });

  it.each(RECORDS)('of %s count up from 1 to the version that the code writes', (record) => {
    const upTo = Array.from({ length: NEWEST_VERSION[record] }, (_, index) => index + 1);
    expect(versionsOnDisk(record)).toEqual(upTo);
  });

  it.each(RECORDS)('of %s carry its name in the namespace holdfast', (record) => {
    const { name, namespace } = schemaOf(record);
    expect(`${namespace}.${name}`).toBe(avroName(record));
  });

  it.each(RECORDS)('of %s give every enum the symbol and default unknown', (record) => {
    for (const version of versionsOnDisk(record)) {
      for (const part of parts(schemaOf(record, version))) {
        if (part.type !== 'enum') continue;
        expect(part.symbols, part.name).toContain('unknown');
        expect(part.default, part.name).toBe('unknown');
      }
    }
  });

  it.each(RECORDS)('of %s have an example of every version', (record) => {
    const files = readdirSync(new URL(`${record}/`, SCHEMA_FOLDER));
    for (const version of versionsOnDisk(record)) {
      expect(files).toContain(`v${version}.example.json`);
    }
  });
});
