/** Longs, ints and instants of the input topic: exact, or refused with the exact value. */

import avsc from 'avsc';
import { beforeAll, describe, expect, it } from 'vitest';
import { IDS, learnedChangeCodec } from '../testing/codecs.ts';
import { refusedBy, subscription, subscriptionBytes, wire } from '../testing/subscription.ts';
import { framed, schemaOf } from '../testing/vanilla.ts';
import { varint } from '../testing/varint.ts';
import type { ChangeCodec } from './codec.ts';

describe('a change in Avro whose number is too great', () => {
  let codec: ChangeCodec;
  beforeAll(async () => {
    codec = await learnedChangeCodec();
  });

  /** The good record with another number at a place counted from its subscription's id. */
  const numbered = (from: number, length: number, value: bigint): Buffer => {
    const at = subscriptionBytes.indexOf('s1') + 2 + from;
    return Buffer.concat([
      subscriptionBytes.subarray(0, at),
      varint(value),
      subscriptionBytes.subarray(at + length),
    ]);
  };
  const version = (value: bigint): Buffer => numbered(0, 1, value);
  const recordedAt = (value: bigint): Buffer => numbered(1, 6, value);

  it('is taken up to the last safe integer', () => {
    for (const bits of [2n ** 53n - 1n, -(2n ** 53n) + 1n, -(2n ** 52n) - 1n]) {
      expect(codec.decode(version(bits))).toEqual({ ...subscription, version: Number(bits) });
    }
  });

  it.each([2n ** 53n, -(2n ** 53n), 2n ** 60n + 1n, 2n ** 63n - 1n, -(2n ** 63n)])(
    'is refused with the exact number: %s',
    (bits) => {
      expect(refusedBy(codec, version(bits))).toEqual({
        rejected: 'bad_number',
        message: `version ${bits}; want an integer from -9007199254740991 to 9007199254740991`,
      });
    },
  );

  it('is a bad instant where an instant is wanted', () => {
    expect(refusedBy(codec, recordedAt(2n ** 62n))).toEqual({
      rejected: 'bad_instant',
      message: `recorded_at ${2n ** 62n}; want milliseconds since 1970 in UTC`,
    });
  });

  it('is refused where a whole number of 32 bits is wanted', async () => {
    const wide = JSON.parse(
      JSON.stringify(schemaOf('subscription-changed')).replace('"int"', '"long"'),
    ) as object;
    const type = avsc.Type.forSchema(wide as avsc.Schema);
    const items = [{ ...(wire.items as object[])[0], interval_count: 2 ** 31 }];
    expect(
      refusedBy(codec, framed(IDS.subscriptionChanged, type.toBuffer({ ...wire, items }))),
    ).toEqual({
      rejected: 'bad_number',
      message: 'items[0].interval_count 2147483648; want an integer from -2147483648 to 2147483647',
    });
  });

  it('is malformed with more than 64 bits', () => {
    const at = subscriptionBytes.indexOf('s1') + 2;
    const endless = Buffer.concat([subscriptionBytes.subarray(0, at), Buffer.alloc(40, 0xff)]);
    expect(refusedBy(codec, endless)).toEqual({
      rejected: 'malformed',
      message: 'version has more than 64 bits; write the record in Avro',
    });
  });
});
