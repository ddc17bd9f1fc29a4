/** What the input topic may hold: good records of any version, and every kind of bad one. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import type { SubscriptionChanged } from '@holdfast/domain/records.ts';
import type { Rejection } from '@holdfast/domain/rejection.ts';
import { customerId, instant } from '@holdfast/domain/scalars.ts';
import avsc from 'avsc';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  decodeLearning,
  encodeChange,
  IDS,
  inputRegistry,
  learnedChangeCodec,
  registryOf,
} from '../testing/codecs.ts';
import { type AnySchema, framed, schemaOf, wireOfDomain } from '../testing/vanilla.ts';
import { avroChangeCodec } from './avro-change.ts';
import type { ChangeCodec } from './codec.ts';

const record: SubscriptionChanged = {
  type: 'subscription_changed',
  eventId: 'e1',
  source: 'billing',
  customerId: customerId('acme'),
  subscriptionId: 's1',
  version: 7,
  recordedAt: instant(1_772_359_200_000),
  effectiveAt: instant(1_772_323_200_000),
  status: 'active',
  items: [
    {
      productId: 'core',
      quantity: 2,
      amountMinor: 10_000,
      currency: 'USD',
      interval: 'month',
      intervalCount: 1,
      billing: 'recurring',
    },
  ],
  scheduled: [{ effectiveAt: instant(1_803_859_200_000), status: 'ended', items: [] }],
};
const wire = wireOfDomain('subscription-changed', record) as Record<string, unknown>;

/** Written by someone with a schema of their own, which the registry knows by id 99. */
const written = async (schema: object, value: unknown) => {
  const type = avsc.Type.forSchema(schema as avsc.Schema);
  const codec = avroChangeCodec(registryOf({ 99: JSON.stringify(schema) }));
  return decodeLearning(codec, framed(99, type.toBuffer(value)));
};

type Fields = NonNullable<AnySchema['fields']>;
const subscription = schemaOf('subscription-changed');
const withFields = (change: (fields: Fields) => Fields): object => ({
  ...subscription,
  fields: change(subscription.fields!),
});
const withType = (name: string, type: unknown): object =>
  withFields((fields) => fields.map((field) => (field.name === name ? { ...field, type } : field)));

/** The schema of a newer writer whose enums have one more symbol each. */
const newerSymbols = JSON.parse(
  JSON.stringify(subscription)
    .replace('"paused",', '"paused","frozen",')
    .replace('"week",', '"week","quarter",')
    .replace('"usage",', '"usage","tiered",'),
) as object;

describe('a change in Avro', () => {
  let codec: ChangeCodec;
  beforeAll(async () => {
    codec = await learnedChangeCodec();
  });
  const good = encodeChange(record);
  const refused = (value: Uint8Array): Rejection => {
    const answer = codec.decode(value);
    if (answer === 'schema_unknown' || !('rejected' in answer)) throw new Error('it was taken');
    return answer;
  };
  /** The good record with other bytes in place of those of one value. */
  const spliced = (find: string, replacement: readonly number[]): Buffer => {
    const bytes = Buffer.from(good);
    const at = bytes.indexOf(find);
    return Buffer.concat([
      bytes.subarray(0, at - 1),
      Buffer.from(replacement),
      bytes.subarray(at + find.length),
    ]);
  };

  it('becomes a plain domain record', () => {
    expect(codec.decode(good)).toEqual(record);
    expect(JSON.parse(JSON.stringify(codec.decode(good)))).toEqual(record);
  });

  it('may lie anywhere in a larger buffer and need not be a Buffer', () => {
    const around = new Uint8Array(good.length + 20).fill(255);
    around.set(good, 7);
    expect(codec.decode(around.subarray(7, 7 + good.length))).toEqual(record);
  });

  it.each([
    ['no byte at all', [], 'the value is empty'],
    ['a wrong first byte', [1, 0, 0, 0, 11, 2], 'first byte 1; want 0'],
    ['text', [...Buffer.from('{"type":1}')], 'first byte 123; want 0'],
    ['half a schema id', [0, 0, 0], 'the value has 3 bytes; want a zero byte, a schema id'],
    ['nothing after the schema id', [0, 0, 0, 0, 11], 'event_id is cut off'],
  ])('is malformed with %s', (_, bytes, message) => {
    expect(refused(Uint8Array.from(bytes))).toEqual({
      rejected: 'malformed',
      message: expect.stringContaining(message),
    });
  });

  it('is malformed when cut off anywhere', () => {
    for (let length = 5; length < good.length; length++) {
      expect(refused(good.subarray(0, length)).rejected).toBe('malformed');
    }
  });

  it('is malformed with bytes after its end', () => {
    expect(refused(Buffer.concat([good, Buffer.from([0, 0])]))).toEqual({
      rejected: 'malformed',
      message: '2 bytes stand after the record; write it with the schema it names',
    });
  });

  it('names the field whose length is a lie', () => {
    expect(refused(spliced('core', [0xfe, 0xff, 0xff, 0xff, 0x0f]))).toEqual({
      rejected: 'malformed',
      message: expect.stringMatching(
        /^items\[0\]\.product_id announces 2147483647 bytes where \d+ are left/,
      ),
    });
    expect(refused(spliced('core', [1]))).toEqual({
      rejected: 'malformed',
      message: expect.stringContaining('items[0].product_id announces -1 bytes'),
    });
  });

  it('names the string that is not UTF-8, and takes a replacement character that is one', () => {
    expect(refused(spliced('acme', [8, 0x61, 0xff, 0x61, 0x61]))).toEqual({
      rejected: 'malformed',
      message: 'customer_id is not UTF-8; write strings in UTF-8',
    });
    expect(codec.decode(spliced('acme', [8, 0x61, 0xef, 0xbf, 0xbd]))).toMatchObject({
      customerId: 'a\uFFFD',
    });
  });

  it('is refused without allocating when an array announces more than the bytes can hold', () => {
    const head = good.subarray(0, Buffer.from(good).indexOf('core') - 2);
    for (const count of [
      [0xfe, 0xff, 0xff, 0xff, 0x0f],
      [0xfd, 0xff, 0xff, 0xff, 0x0f, 0x00],
    ]) {
      expect(refused(Buffer.concat([head, Buffer.from(count), Buffer.alloc(64)]))).toEqual({
        rejected: 'malformed',
        message:
          'items announces 2147483647 entries where 64 bytes are left; write the record whole',
      });
    }
  });

  it('takes an array in several blocks, with and without their sizes', () => {
    const bytes = Buffer.from(good);
    const items = bytes.indexOf('core') - 2;
    const item = [...bytes.subarray(items + 1, bytes.indexOf('USD') + 6)];
    const blocks = [2, ...item, 1, item.length * 2, ...item, 0];
    const scheduled = [0];
    const value = Buffer.concat([
      bytes.subarray(0, items),
      Uint8Array.from([...blocks, ...scheduled]),
    ]);
    expect(codec.decode(value)).toEqual({
      ...record,
      items: [record.items[0], record.items[0]],
      scheduled: [],
    });
  });

  describe('whose number is too great', () => {
    const long = (bits: bigint): number[] => {
      const bytes: number[] = [];
      let rest = BigInt.asUintN(64, (bits << 1n) ^ (bits >> 63n));
      for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
      return [...bytes, Number(rest)];
    };
    /** The good record with another version, which stands after the subscription's id. */
    const version = (bits: bigint): Buffer => {
      const bytes = Buffer.from(good);
      const at = bytes.indexOf('s1') + 2;
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(long(bits)),
        bytes.subarray(at + 1),
      ]);
    };
    const recorded = (bits: bigint): Buffer => {
      const bytes = Buffer.from(good);
      const at = bytes.indexOf('s1') + 3;
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(long(bits)),
        bytes.subarray(at + 6),
      ]);
    };

    it('is taken up to the last safe integer', () => {
      for (const bits of [2n ** 53n - 1n, -(2n ** 53n) + 1n, -(2n ** 52n) - 1n]) {
        expect(codec.decode(version(bits))).toEqual({ ...record, version: Number(bits) });
      }
    });

    it.each([2n ** 53n, -(2n ** 53n), 2n ** 60n + 1n, 2n ** 63n - 1n, -(2n ** 63n)])(
      'is refused with the exact number: %s',
      (bits) => {
        expect(refused(version(bits))).toEqual({
          rejected: 'bad_number',
          message: `version ${bits}; want an integer from -9007199254740991 to 9007199254740991`,
        });
      },
    );

    it('is a bad instant where an instant is wanted', () => {
      expect(refused(recorded(2n ** 62n))).toEqual({
        rejected: 'bad_instant',
        message: `recorded_at ${2n ** 62n}; want milliseconds since 1970 in UTC`,
      });
    });

    it('is refused where a whole number of 32 bits is wanted', async () => {
      const wide = JSON.parse(JSON.stringify(subscription).replace('"int"', '"long"')) as object;
      const type = avsc.Type.forSchema(wide as avsc.Schema);
      const items = [{ ...(wire.items as object[])[0], interval_count: 2 ** 31 }];
      expect(refused(framed(11, type.toBuffer({ ...wire, items })))).toEqual({
        rejected: 'bad_number',
        message:
          'items[0].interval_count 2147483648; want an integer from -2147483648 to 2147483647',
      });
    });

    it('is malformed with more than 64 bits', () => {
      const bytes = Buffer.from(good);
      const at = bytes.indexOf('s1') + 2;
      const endless = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(40, 0xff)]);
      expect(refused(endless)).toEqual({
        rejected: 'malformed',
        message: 'version has more than 64 bits; write the record in Avro',
      });
    });
  });

  describe('of a newer writer', () => {
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
      expect(await written(schema, value)).toEqual(record);
    });

    it('is read with our defaults for what it leaves out', async () => {
      const schema = withFields((fields) =>
        fields.filter(({ name }) => name !== 'source' && name !== 'scheduled'),
      );
      expect(await written(schema, wire)).toEqual({ ...record, source: '', scheduled: [] });
    });

    it('is read where it widened or narrowed a type compatibly', async () => {
      expect(await written(withType('version', 'int'), wire)).toEqual(record);
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
      expect(await written(newerSymbols, { ...wire, ...change, items })).toEqual({
        rejected: 'unknown_symbol',
        message,
      });
    });

    it('is refused for such a symbol in a scheduled phase', async () => {
      const [first] = wire.scheduled as object[];
      const items = [{ ...(wire.items as object[])[0], interval: 'quarter' }];
      const scheduled = [first, { ...first, items }];
      expect(await written(newerSymbols, { ...wire, scheduled })).toEqual({
        rejected: 'unknown_symbol',
        message: 'scheduled[1].items[0].interval "quarter"; want day, week, month, year',
      });
      expect(
        await written(newerSymbols, { ...wire, scheduled: [{ ...first, status: 'frozen' }] }),
      ).toEqual({
        rejected: 'unknown_symbol',
        message: expect.stringContaining('scheduled[0].status "frozen"'),
      });
    });

    it('is read where it uses only symbols that we know', async () => {
      expect(await written(newerSymbols, wire)).toEqual(record);
    });

    it('is refused for the symbol unknown itself', async () => {
      expect(await written(subscription, { ...wire, status: 'unknown' })).toEqual({
        rejected: 'unknown_symbol',
        message: 'status "unknown"; want trialing, active, past_due, paused, ended',
      });
    });
  });

  it('is malformed where a symbol has a number that its schema does not', () => {
    const bytes = Buffer.from(good);
    bytes[bytes.indexOf('core') - 3] = 60;
    expect(refused(bytes)).toEqual({
      rejected: 'malformed',
      message: 'status symbol number 30; want 0 to 5',
    });
  });

  it('is malformed where a union takes a branch that its schema does not have', () => {
    const customer = Buffer.from(
      encodeChange({
        type: 'customer_changed',
        eventId: 'e',
        source: '',
        customerId: customerId('c'),
        version: 1,
        recordedAt: instant(1),
        effectiveAt: instant(2),
        name: null,
        attributes: {},
      }),
    );
    customer[customer.length - 2] = 6;
    expect(refused(customer)).toEqual({
      rejected: 'malformed',
      message:
        "name can't be read (invalid union index: 3); write the record with the schema it names",
    });
  });

  it('names the attribute that is broken', async () => {
    const customer = schemaOf('customer-changed');
    const type = avsc.Type.forSchema(customer as avsc.Schema);
    const bytes = type.toBuffer({
      event_id: 'e',
      source: '',
      customer_id: 'c',
      version: 1,
      recorded_at: 1,
      effective_at: 2,
      name: 'Acme',
      attributes: { segment: 'smb?' },
    });
    bytes[bytes.indexOf('smb?') + 3] = 0xff;
    expect(refused(framed(IDS.customerChanged, bytes))).toEqual({
      rejected: 'malformed',
      message: 'attributes["segment"] is not UTF-8; write strings in UTF-8',
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

describe('the schemas of writers', () => {
  const good = encodeChange(record);

  it('are asked for once and then known', async () => {
    const registry = inputRegistry();
    const codec = avroChangeCodec(registry);
    expect(codec.decode(good)).toBe('schema_unknown');
    await codec.learn(good);
    await codec.learn(good);
    expect(codec.decode(good)).toEqual(record);
    expect(registry.asked).toEqual([IDS.subscriptionChanged]);
  });

  it('that the registry does not have are remembered as such', async () => {
    const registry = registryOf({});
    const codec = avroChangeCodec(registry);
    const answer = await decodeLearning(codec, good);
    expect(answer).toEqual({
      rejected: 'malformed',
      message: 'schema id 11 is not in the registry; register the schema',
    });
    await codec.learn(good);
    expect(registry.asked).toEqual([11]);
  });

  it('are not judged while the registry is away', async () => {
    let away = true;
    const registry = inputRegistry();
    const codec = avroChangeCodec({
      fetch: async (id) => {
        if (away) throw new HoldfastError('registry_unavailable', 'connection refused');
        return registry.fetch(id);
      },
    });
    await expect(codec.learn(good)).rejects.toMatchObject({
      code: 'registry_unavailable',
      retry: true,
    });
    expect(codec.decode(good)).toBe('schema_unknown');
    away = false;
    expect(await decodeLearning(codec, good)).toEqual(record);
  });

  it.each([
    [
      'another record',
      JSON.stringify(schemaOf('arr-delta')),
      'schema id 11 is holdfast.ArrDelta; want holdfast.SubscriptionChanged or holdfast.CustomerChanged',
    ],
    ['no record', '"string"', 'schema id 11 is no record; want'],
    ['no Avro', '{"type":"object"}', "schema id 11 can't be read as ours (unknown type"],
    ['no JSON', 'syntax = "proto3";', "schema id 11 can't be read as ours (Unexpected token"],
    [
      'an incompatible version',
      JSON.stringify(withFields((fields) => fields.slice(1))),
      "schema id 11 can't be read as ours (no matching field for default-less holdfast.SubscriptionChanged.eventId)",
    ],
  ])('that are %s make every record of theirs malformed', async (_, text, message) => {
    const codec = avroChangeCodec(registryOf({ 11: text }));
    expect(await decodeLearning(codec, good)).toEqual({
      rejected: 'malformed',
      message: expect.stringContaining(message),
    });
  });

  it('do not pile up when someone sends ids without end', async () => {
    const registry = registryOf({});
    const codec = avroChangeCodec(registry);
    const value = (id: number) => framed(id, Buffer.alloc(1));
    for (let id = 1; id <= 5000; id++) await codec.learn(value(id));
    expect(codec.decode(value(1))).toBe('schema_unknown');
    expect(codec.decode(value(5000))).toMatchObject({ rejected: 'malformed' });
  });

  it('with ids beyond 31 bits are told apart', async () => {
    const codec = avroChangeCodec(registryOf({}));
    expect(await decodeLearning(codec, framed(0xffff_fffe, Buffer.alloc(1)))).toMatchObject({
      message: expect.stringContaining('schema id 4294967294 '),
    });
  });
});
