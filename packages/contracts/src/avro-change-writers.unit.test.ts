/** Changes whose writer knows more than we do, or less. */

import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { decodeLearning, registryOf } from '../testing/codecs.ts';
import { readWritten, subscription, wire, withFields } from '../testing/subscription.ts';
import { framed, schemaOf } from '../testing/vanilla.ts';
import { avroChangeCodec } from './avro-change.ts';

const current = schemaOf('subscription-changed');

/** The schema of a newer writer whose enums have one more symbol each. */
const newerSymbols = JSON.parse(
  JSON.stringify(current)
    .replace('"paused",', '"paused","frozen",')
    .replace('"week",', '"week","quarter",')
    .replace('"usage",', '"usage","tiered",'),
) as object;

describe('a change in Avro of another writer', () => {
  it('is read in its own order and without the fields that we do not know', async () => {
    const schema = withFields((fields) => [
      { name: 'trace', type: { type: 'map', values: ['null', 'string'] } },
      ...fields.slice(0, 4),
      { name: 'type', type: 'string' },
      { name: 'huge', type: 'long' },
      { name: 'notes', type: { type: 'array', items: 'bytes' } },
      { name: 'weights', type: { type: 'array', items: 'double' } },
      { name: 'digest', type: { type: 'fixed', name: 'Digest', size: 4 } },
      { name: 'flag', type: ['null', 'boolean', 'float', 'int'] },
      ...fields.slice(4, 7).reverse(),
      ...fields.slice(7),
    ]);
    const value = {
      ...wire,
      trace: { a: 'b', c: null },
      type: 'something_else',
      huge: 12,
      notes: [Buffer.from('x'), Buffer.alloc(0)],
      weights: [0.5],
      digest: Buffer.alloc(4, 1),
      flag: { int: 3 },
    };
    expect(await readWritten(schema, value)).toEqual(subscription);
  });

  it('is read with our defaults for what it leaves out', async () => {
    const schema = withFields((fields) =>
      fields.filter(({ name }) => name !== 'source' && name !== 'scheduled'),
    );
    expect(await readWritten(schema, wire)).toEqual({ ...subscription, source: '', scheduled: [] });
  });

  it('is read where it widened or narrowed a type compatibly', async () => {
    expect(
      await readWritten(
        withFields((fields) =>
          fields.map((field) => (field.name === 'version' ? { ...field, type: 'int' } : field)),
        ),
        wire,
      ),
    ).toEqual(subscription);
  });

  it.each([
    [
      'status',
      { status: 'frozen' },
      'status "frozen"; want trialing, active, past_due, paused, ended',
    ],
    [
      'interval',
      { interval: 'quarter' },
      'items[0].interval "quarter"; want day, week, month, year',
    ],
    [
      'billing',
      { billing: 'tiered' },
      'items[0].billing "tiered"; want recurring, usage, one_time',
    ],
  ])('is refused for a symbol of %s that we do not know', async (_, change, message) => {
    const items = [{ ...(wire.items as object[])[0], ...change }];
    expect(await readWritten(newerSymbols, { ...wire, ...change, items })).toEqual({
      rejected: 'unknown_symbol',
      message,
    });
  });

  it('is refused for such a symbol in a scheduled phase', async () => {
    const [first] = wire.scheduled as object[];
    const items = [{ ...(wire.items as object[])[0], interval: 'quarter' }];
    const scheduled = [first, { ...first, items }];
    expect(await readWritten(newerSymbols, { ...wire, scheduled })).toEqual({
      rejected: 'unknown_symbol',
      message: 'scheduled[1].items[0].interval "quarter"; want day, week, month, year',
    });
    expect(
      await readWritten(newerSymbols, { ...wire, scheduled: [{ ...first, status: 'frozen' }] }),
    ).toEqual({
      rejected: 'unknown_symbol',
      message: expect.stringContaining('scheduled[0].status "frozen"'),
    });
  });

  it('is read where it uses only symbols that we know', async () => {
    expect(await readWritten(newerSymbols, wire)).toEqual(subscription);
  });

  it('is refused for the symbol unknown itself', async () => {
    expect(await readWritten(current, { ...wire, status: 'unknown' })).toEqual({
      rejected: 'unknown_symbol',
      message: 'status "unknown"; want trialing, active, past_due, paused, ended',
    });
  });

  it('is malformed, not of an unknown symbol, where the bytes make no record at all', async () => {
    const type = avsc.Type.forSchema(newerSymbols as avsc.Schema);
    const bytes = framed(99, type.toBuffer({ ...wire, status: 'frozen' }));
    const codec = avroChangeCodec(registryOf({ 99: JSON.stringify(newerSymbols) }));
    expect(await decodeLearning(codec, bytes.subarray(0, -9))).toEqual({
      rejected: 'malformed',
      message: expect.not.stringContaining('frozen'),
    });
  });

  it('survives a writer whose unknown fields nest without end', async () => {
    const schema = withFields((fields) => [
      {
        name: 'chain',
        type: {
          type: 'record',
          name: 'Link',
          fields: [{ name: 'next', type: ['null', 'Link'] }],
        },
      },
      ...fields,
    ]);
    const deep = avroChangeCodec(registryOf({ 99: JSON.stringify(schema) }));
    expect(await decodeLearning(deep, framed(99, Buffer.alloc(1_000_000, 2)))).toMatchObject({
      rejected: 'malformed',
    });
  });
});
