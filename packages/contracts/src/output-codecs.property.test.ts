/** Random deltas and metrics come back as they went, and equal ones are equal bytes. */

import type { Delta } from '@holdfast/domain/delta.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDelta, anyMetric } from '../testing/arbitraries.ts';
import { encoded, IDS } from '../testing/codecs.ts';
import { avroDeltaCodec } from './avro-delta.ts';
import { avroMetricCodec } from './avro-metric.ts';
import { ByteWriter } from './byte-writer.ts';
import { jsonDeltaCodec } from './json-delta.ts';

/** The same value, every object of it built in the opposite order. */
const turned = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map(turned) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, turned(part)] as const);
  return Object.fromEntries(entries.reverse()) as T;
};

const avro = avroDeltaCodec(IDS);

describe('a delta', () => {
  it.each([
    ['Avro', avro],
    ['JSON', jsonDeltaCodec],
  ])('comes back from %s as the same delta', (_, codec) => {
    fc.assert(
      fc.property(anyDelta, (delta) => {
        expect(codec.decode(encoded(codec, delta))).toEqual(delta);
      }),
    );
  });

  it.each([
    ['Avro', avro],
    ['JSON', jsonDeltaCodec],
  ])('is the same bytes in %s in whatever order it was built', (_, codec) => {
    fc.assert(
      fc.property(anyDelta, (delta) => {
        const bytes = Buffer.from(encoded(codec, delta));
        expect(bytes.equals(encoded(codec, turned<Delta>(delta)))).toBe(true);
        expect(bytes.equals(encoded(codec, codec.decode(bytes)))).toBe(true);
      }),
    );
  });

  it('stays as it is when another is written behind it', () => {
    fc.assert(
      fc.property(anyDelta, anyDelta, (one, other) => {
        const bytes = encoded(avro, one);
        const to = new ByteWriter();
        avro.write(one, to);
        avro.write(other, to);
        expect(Buffer.from(to.take())).toEqual(Buffer.concat([bytes, encoded(avro, other)]));
      }),
    );
  });
});

describe('a metric', () => {
  it('comes back from Avro as the same metric', () => {
    const codec = avroMetricCodec(IDS);
    fc.assert(
      fc.property(anyMetric, (metric) => {
        expect(codec.decode(codec.encode(metric))).toEqual(metric);
      }),
    );
  });
});
