/** Random changes come back as they went, and no bytes at all can do worse than be refused. */

import { isRejection } from '@holdfast/domain/rejection.ts';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyChange, anyLong } from '../testing/arbitraries.ts';
import { encodeChange, IDS, learnedChangeCodec } from '../testing/codecs.ts';
import { framed, vanillaType, wireOfDomain } from '../testing/vanilla.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ChangeCodec } from './codec.ts';
import { formatChangeLine, jsonChangeCodec, parseChangeLine } from './json-change.ts';

const subscriptions = vanillaType('subscription-changed');
const customers = vanillaType('customer-changed');

/**
 * avsc itself writes longs below -2^52 as others, refuses the last safe integers, and writes maps
 * in the order of their keys, where array indexes always come first.
 */
const avscIsExact = (value: unknown): boolean => {
  if (typeof value === 'number') return value >= -(2 ** 52) && value < Number.MAX_SAFE_INTEGER - 1;
  if (typeof value !== 'object' || value === null) return true;
  if (!Array.isArray(value) && Object.keys(value).some((key) => /^\d+$/.test(key))) return false;
  return Object.values(value).every(avscIsExact);
};

let codec: ChangeCodec;
beforeAll(async () => {
  codec = await learnedChangeCodec();
});

describe('a change', () => {
  it('comes back from Avro and from JSON as the same record', () => {
    fc.assert(
      fc.property(anyChange, (change) => {
        expect(codec.decode(encodeChange(change))).toEqual(change);
        const line = formatChangeLine(change);
        expect(line).not.toContain('\n');
        expect(parseChangeLine(line)).toEqual(change);
        expect(jsonChangeCodec.decode(Buffer.from(line))).toEqual(change);
      }),
    );
  });

  it('is written byte for byte as avsc writes it by the schema file', () => {
    fc.assert(
      fc.property(anyChange.filter(avscIsExact), (change) => {
        const isSubscription = change.type === 'subscription_changed';
        const record = isSubscription ? 'subscription-changed' : 'customer-changed';
        const type = isSubscription ? subscriptions : customers;
        const id = isSubscription ? IDS.subscriptionChanged : IDS.customerChanged;
        const bytes = framed(id, type.toBuffer(wireOfDomain(record, change)));
        expect(Buffer.from(encodeChange(change)).equals(bytes)).toBe(true);
      }),
    );
  });
});

describe('hostile bytes', () => {
  /** Refused with a sentence, or taken as a record that is no larger than they are. */
  const harmless = (value: Uint8Array): void => {
    const answer = codec.decode(value);
    if (answer === 'schema_unknown') return;
    if (isRejection(answer)) {
      expect(answer.message).toMatch(/^[^\n\t]{10,}$/);
      expect(answer.message.length).toBeLessThan(500);
      return;
    }
    expect(encodeChange(answer).length).toBeLessThanOrEqual(value.length);
  };

  it('of no meaning are refused', () => {
    const id = fc.constantFrom(IDS.subscriptionChanged, IDS.customerChanged, 3);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), id, (bytes, schema) => {
        harmless(bytes);
        harmless(framed(schema, bytes));
      }),
    );
  });

  it('made by altering, cutting out and putting in bytes of a good record are refused', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      out: fc.integer({ min: 0, max: 6 }),
      put: fc.uint8Array({ maxLength: 12 }),
    });
    fc.assert(
      fc.property(anyChange, fc.array(edit, { minLength: 1, maxLength: 3 }), (change, edits) => {
        let bytes = Buffer.from(encodeChange(change));
        for (const { at, out, put } of edits) {
          const from = 5 + Math.floor(at * (bytes.length - 5));
          bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + out)]);
        }
        harmless(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('that announce any length or count anywhere are refused', () => {
    const writer = new ByteWriter();
    const count = (announced: number): Uint8Array => {
      writer.reset();
      writer.writeLong(announced);
      return writer.take();
    };
    fc.assert(
      fc.property(
        anyChange,
        fc.double({ min: 0, max: 1, noNaN: true }),
        anyLong.filter((value) => Math.abs(value) > 1000),
        (change, at, announced) => {
          const good = Buffer.from(encodeChange(change));
          const from = 5 + Math.floor(at * (good.length - 5));
          harmless(Buffer.concat([good.subarray(0, from), count(announced), good.subarray(from)]));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('of JSON are refused as well', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
        expect(jsonChangeCodec.decode(bytes)).toMatchObject({ rejected: 'malformed' });
      }),
    );
  });
});
