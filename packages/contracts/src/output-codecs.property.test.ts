/** Random deltas and metrics come back as they went, and equal ones are equal bytes. */

import type { Delta } from '@holdfast/domain/delta.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDelta, anyMetric } from '../testing/arbitraries.ts';
import { IDS } from '../testing/codecs.ts';
import { avroDeltaCodec } from './avro-delta.ts';
import { avroMetricCodec } from './avro-metric.ts';
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
        expect(codec.decode(codec.encode(delta))).toEqual(delta);
      }),
    );
  });

  it.each([
    ['Avro', avro],
    ['JSON', jsonDeltaCodec],
  ])('is the same bytes in %s in whatever order it was built', (_, codec) => {
    fc.assert(
      fc.property(anyDelta, (delta) => {
        const bytes = Buffer.from(codec.encode(delta));
        expect(bytes.equals(codec.encode(turned<Delta>(delta)))).toBe(true);
        expect(bytes.equals(codec.encode(codec.decode(bytes)))).toBe(true);
      }),
    );
  });

  it('that was encoded stays as it is when others are', () => {
    fc.assert(
      fc.property(anyDelta, anyDelta, (one, other) => {
        const bytes = avro.encode(one);
        const copy = Buffer.from(bytes);
        avro.encode(other);
        expect(copy.equals(bytes)).toBe(true);
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
