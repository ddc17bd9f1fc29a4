/** What is asked of the registry, and what its answers make of records. */

import { HoldfastError } from '@holdfast/domain/errors.ts';
import { describe, expect, it } from 'vitest';
import { decodeLearning, IDS, inputRegistry, registryOf } from '../testing/codecs.ts';
import { subscription, subscriptionBytes, withFields } from '../testing/subscription.ts';
import { framed, schemaOf } from '../testing/vanilla.ts';
import { avroChangeCodec } from './avro-change.ts';

describe('the schemas of writers', () => {
  it('are asked for once and then known', async () => {
    const registry = inputRegistry();
    const codec = avroChangeCodec(registry);
    expect(codec.decode(subscriptionBytes)).toBe('schema_unknown');
    await codec.learn(subscriptionBytes);
    await codec.learn(subscriptionBytes);
    expect(codec.decode(subscriptionBytes)).toEqual(subscription);
    expect(registry.asked).toEqual([IDS.subscriptionChanged]);
  });

  it('that the registry does not have are remembered as such', async () => {
    const registry = registryOf({});
    const codec = avroChangeCodec(registry);
    const answer = await decodeLearning(codec, subscriptionBytes);
    expect(answer).toEqual({
      rejected: 'malformed',
      message: 'schema id 11 is not in the registry; register the schema',
    });
    await codec.learn(subscriptionBytes);
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
    await expect(codec.learn(subscriptionBytes)).rejects.toMatchObject({
      code: 'registry_unavailable',
      retry: true,
    });
    expect(codec.decode(subscriptionBytes)).toBe('schema_unknown');
    away = false;
    expect(await decodeLearning(codec, subscriptionBytes)).toEqual(subscription);
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
    expect(await decodeLearning(codec, subscriptionBytes)).toEqual({
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
