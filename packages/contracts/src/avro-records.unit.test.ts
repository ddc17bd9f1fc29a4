/** Names of fields: ours in TypeScript, the contract's on the wire. */

import type avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { camelCased, foreignType, readerType } from './avro-records.ts';
import { compileType, resolve } from './avro-types.ts';
import { ByteReader } from './byte-reader.ts';
import { NEWEST_VERSION, type RecordName, schemaText } from './schemas.ts';

const record = (fields: readonly object[]) => ({ type: 'record', name: 'Planted', fields });

describe('a record with names of ours', () => {
  it('is read from a writer who had other names for its fields, at any depth', () => {
    const line = (name: string, aliases: readonly string[]) =>
      record([
        {
          name: 'all_lines',
          type: {
            type: 'array',
            items: {
              type: 'record',
              name: 'Line',
              fields: [{ name, aliases, type: ['null', { type: 'map', values: 'long' }] }],
            },
          },
        },
      ]);
    const reader = compileType(camelCased(line('by_month', ['per_month'])) as avsc.Schema);
    const writer = foreignType(JSON.stringify(line('per_month', [])));
    const input = new ByteReader();
    input.reset(Uint8Array.of(2, 2, 2, 2, 0x61, 8, 0, 0), 0);
    expect(resolve(reader, writer)._read(input)).toEqual({ allLines: [{ byMonth: { a: 4 } }] });
  });

  it.each(Object.entries(NEWEST_VERSION))('reads every version of %s', (name, newest) => {
    const reader = readerType(name as RecordName);
    for (let version = 1; version <= newest; version++) {
      resolve(reader, foreignType(schemaText(name as RecordName, version)));
    }
  });
});
