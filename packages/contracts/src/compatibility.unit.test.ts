/** BACKWARD_TRANSITIVE, as the registry enforces it: every version reads all before it. */

import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { schemaOf } from '../testing/vanilla.ts';
import { NEWEST_VERSION, type RecordName } from './schemas.ts';

/** Pairs of versions, counted from 1, of which the newer can't read the older; with avsc's reason. */
const breaks = (versions: readonly object[]): string[] => {
  const types = versions.map((schema) => avsc.Type.forSchema(schema as avsc.Schema));
  return types.flatMap((newer, n) =>
    types.slice(0, n).flatMap((older, o) => {
      try {
        newer.createResolver(older);
        return [];
      } catch (error) {
        return [`v${n + 1} can't read v${o + 1}: ${(error as Error).message}`];
      }
    }),
  );
};

const record = (...fields: readonly object[]) => ({ type: 'record', name: 'Planted', fields });
const id = { name: 'id', type: 'string' };
const status = (...symbols: readonly string[]) => ({
  name: 'status',
  type: { type: 'enum', name: 'Status', symbols: [...symbols, 'unknown'], default: 'unknown' },
});

describe('the versions of a schema', () => {
  it.each(Object.entries(NEWEST_VERSION))('of %s read all before them', (name, newest) => {
    const versions = Array.from({ length: newest }, (_, n) => schemaOf(name as RecordName, n + 1));
    expect(breaks(versions)).toEqual([]);
  });

  it('may gain a field with a default, lose a field and change their symbols', () => {
    const note = { name: 'note', type: 'string', default: '' };
    const versions = [
      record(id, status('active', 'ended'), { name: 'old', type: 'long' }),
      record(id, note, status('active', 'ended', 'paused')),
      record(id, status('active')),
    ];
    expect(breaks(versions)).toEqual([]);
  });

  it.each([
    ['a field gained without a default', record(id), record(id, { name: 'must', type: 'string' })],
    ['a type that changed', record(id), record({ name: 'id', type: 'long' })],
    ['a symbol lost by an enum without a default', strict('a', 'b'), strict('a')],
  ])('are found out by %s', (_, older, newer) => {
    expect(breaks([older, newer])).toHaveLength(1);
  });

  it('are held against every version before, not against the last alone', () => {
    const versions = [
      record({ name: 'id', type: 'long' }),
      record({ name: 'other', type: 'string', default: '' }),
      record(id),
    ];
    expect(breaks(versions)).toEqual([
      expect.stringContaining("v3 can't read v1"),
      expect.stringContaining("v3 can't read v2"),
    ]);
  });
});

function strict(...symbols: readonly string[]): object {
  return record({ name: 'kind', type: { type: 'enum', name: 'Kind', symbols } });
}
