/** Reading back what Holdfast wrote: what can't be read is an error, never a guess. */

import { describe, expect, it } from 'vitest';
import { encoded, IDS, registryOf } from '../testing/codecs.ts';
import { framed, schemaOf } from '../testing/vanilla.ts';
import { avroDeltaCodec } from './avro-delta.ts';
import { jsonDeltaCodec } from './json-delta.ts';
import { metricKey } from './metric.ts';
import { schemaText } from './schemas.ts';

const json = {
  type: 'customer_classified',
  delta_id: 'live:0:1',
  customer_id: 'acme',
  effective_at: '2026-01-01T00:00:00.000Z',
  op: 'assert',
  name: 'Acme',
  attributes: { b: '2', a: '1' },
  known_at: '2026-01-01T00:00:00.000Z',
  cause: { event_id: 'k1', source: '', topic: 't', partition: 0, offset: 5 },
  restatement: null,
};
const text = (change: object = {}) => Buffer.from(JSON.stringify({ ...json, ...change }));
const classified = jsonDeltaCodec.decode(text());

const error = (message: string) => ({
  code: 'output_unreadable',
  retry: false,
  message: expect.stringContaining(message),
});
const thrownBy = (call: () => unknown): unknown => {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
};

describe('a delta in JSON', () => {
  it('has its attributes by ascending key', () => {
    expect(Buffer.from(encoded(jsonDeltaCodec, classified)).toString()).toContain(
      '"attributes":{"a":"1","b":"2"}',
    );
  });

  it.each([
    [Buffer.from('nonsense'), 'this is no JSON'],
    [text({ type: 'subscription_changed' }), 'type "subscription_changed"; want "arr_delta"'],
    [text({ op: 'unknown' }), 'op "unknown"; want assert, retract'],
    [text({ cause: null }), 'cause null; want an object'],
    [text({ cause: { ...json.cause, offset: '5' } }), 'cause.offset "5"; want an integer'],
  ])('that can not be read is an error: %s', (value, message) => {
    expect(thrownBy(() => jsonDeltaCodec.decode(value))).toMatchObject(error(message));
  });
});

describe('a delta in Avro', () => {
  const codec = avroDeltaCodec(IDS);
  const bytes = encoded(codec, classified);

  it('of our own needs no registry', () => {
    expect(codec.knows(bytes)).toBe(true);
    expect(codec.decode(bytes)).toEqual(classified);
  });

  it('of our own stays known whatever else was learned', async () => {
    for (let id = 1000; id < 6000; id++) await codec.learn(framed(id, bytes.subarray(5)));
    expect(codec.decode(bytes)).toEqual(classified);
  });

  it('that can not be read is an error that names the field', () => {
    expect(thrownBy(() => codec.decode(bytes.subarray(0, 12)))).toMatchObject(
      error('delta_id announces 8 bytes where 6 are left'),
    );
    expect(thrownBy(() => codec.decode(Buffer.from('{}')))).toMatchObject(error('first byte 123'));
  });

  it('with a symbol that we do not know is an error', () => {
    const unknown = encoded(avroDeltaCodec(IDS), { ...classified, op: 'unknown' as 'assert' });
    expect(thrownBy(() => codec.decode(unknown))).toMatchObject(
      error('op "unknown"; want assert, retract'),
    );
  });

  it('of another version is read once its schema has been learned', async () => {
    const { fields, ...schema } = schemaOf('customer-classified');
    const newer = { ...schema, fields: [...fields!, { name: 'extra', type: 'int', default: 0 }] };
    const reader = avroDeltaCodec(IDS, registryOf({ 77: JSON.stringify(newer) }));
    const value = framed(77, Buffer.concat([bytes.subarray(5), Buffer.from([8])]));
    expect(reader.knows(value)).toBe(false);
    expect(thrownBy(() => reader.decode(value))).toMatchObject(error('id 77 was not learned'));
    await reader.learn(value);
    expect(reader.knows(value)).toBe(true);
    expect(reader.decode(value)).toEqual(classified);
  });

  it('of a schema that is none of ours is an error', async () => {
    const reader = avroDeltaCodec(IDS, registryOf({ 78: schemaText('customer-changed') }));
    const value = framed(78, bytes.subarray(5));
    await reader.learn(value);
    expect(thrownBy(() => reader.decode(value))).toMatchObject(
      error('schema id 78 is holdfast.CustomerChanged; want holdfast.ArrDelta or'),
    );
  });

  it('of a schema that another version wrote is an error for a reader without a registry', async () => {
    const value = framed(79, bytes.subarray(5));
    await codec.learn(value);
    expect(thrownBy(() => codec.decode(value))).toMatchObject(
      error('id 79 is not in the registry'),
    );
  });
});

describe('the key of a metric', () => {
  const figures = {} as Omit<
    Parameters<typeof metricKey>[0] & { type: 'retention_metric' },
    'type'
  >;

  it('is window, dimension and member, each percent-encoded', () => {
    const metric = { ...figures, window: 'P12M', dimension: 'sales/motion', member: 'é 1%' };
    expect(metricKey({ ...metric, type: 'retention_metric' })).toBe(
      'P12M/sales%2Fmotion/%C3%A9%201%25',
    );
  });

  it('is the partition for its progress', () => {
    const progress = { partition: 3, nextOffset: 0, asOf: 0, sequence: 0 };
    expect(metricKey({ ...progress, type: 'partition_progress' } as never)).toBe('partition/3');
  });
});
