/** Bytes of the input topic that hold a change, and every way in which they may not. */

import { customerId, instant } from '@holdfast/domain/scalars.ts';
import avsc from 'avsc';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeChange, IDS, learnedChangeCodec } from '../testing/codecs.ts';
import { refusedBy, subscription, subscriptionBytes } from '../testing/subscription.ts';
import { framed, schemaOf } from '../testing/vanilla.ts';
import type { ChangeCodec } from './codec.ts';

describe('a change in Avro', () => {
  let codec: ChangeCodec;
  beforeAll(async () => {
    codec = await learnedChangeCodec();
  });

  /** The good record with other bytes in place of those of one value. */
  const spliced = (find: string, replacement: readonly number[]): Buffer => {
    const bytes = Buffer.from(subscriptionBytes);
    const at = bytes.indexOf(find);
    return Buffer.concat([
      bytes.subarray(0, at - 1),
      Buffer.from(replacement),
      bytes.subarray(at + find.length),
    ]);
  };

  it('becomes a plain domain record', () => {
    expect(codec.decode(subscriptionBytes)).toEqual(subscription);
    expect(JSON.parse(JSON.stringify(codec.decode(subscriptionBytes)))).toEqual(subscription);
  });

  it('may lie anywhere in a larger buffer and need not be a Buffer', () => {
    const around = new Uint8Array(subscriptionBytes.length + 20).fill(255);
    around.set(subscriptionBytes, 7);
    expect(codec.decode(around.subarray(7, 7 + subscriptionBytes.length))).toEqual(subscription);
  });

  it.each([
    ['no byte at all', [], 'the value is empty'],
    ['a wrong first byte', [1, 0, 0, 0, 11, 2], 'first byte 1; want 0'],
    ['text', [...Buffer.from('{"type":1}')], 'first byte 123; want 0'],
    ['half a schema id', [0, 0, 0], 'the value has 3 bytes; want a zero byte, a schema id'],
    ['nothing after the schema id', [0, 0, 0, 0, 11], 'event_id is cut off'],
  ])('is malformed with %s', (_, bytes, message) => {
    expect(refusedBy(codec, Uint8Array.from(bytes))).toEqual({
      rejected: 'malformed',
      message: expect.stringContaining(message),
    });
  });

  it('is malformed when cut off anywhere', () => {
    for (let length = 5; length < subscriptionBytes.length; length++) {
      expect(refusedBy(codec, subscriptionBytes.subarray(0, length)).rejected).toBe('malformed');
    }
  });

  it('is malformed with bytes after its end', () => {
    expect(refusedBy(codec, Buffer.concat([subscriptionBytes, Buffer.from([0, 0])]))).toEqual({
      rejected: 'malformed',
      message: '2 bytes stand after the record; write it with the schema it names',
    });
  });

  it('names the field whose length is a lie', () => {
    expect(refusedBy(codec, spliced('core', [0xfe, 0xff, 0xff, 0xff, 0x0f]))).toEqual({
      rejected: 'malformed',
      message: expect.stringMatching(
        /^items\[0\]\.product_id announces 2147483647 bytes where \d+ are left/,
      ),
    });
    expect(refusedBy(codec, spliced('core', [1]))).toEqual({
      rejected: 'malformed',
      message: expect.stringContaining('items[0].product_id announces -1 bytes'),
    });
  });

  it('names the string that is not UTF-8, and takes a replacement character that is one', () => {
    expect(refusedBy(codec, spliced('acme', [8, 0x61, 0xff, 0x61, 0x61]))).toEqual({
      rejected: 'malformed',
      message: 'customer_id is not UTF-8; write strings in UTF-8',
    });
    expect(codec.decode(spliced('acme', [8, 0x61, 0xef, 0xbf, 0xbd]))).toMatchObject({
      customerId: 'a\uFFFD',
    });
  });

  it('is refused without allocating when an array announces more than the bytes can hold', () => {
    const head = subscriptionBytes.subarray(0, subscriptionBytes.indexOf('core') - 2);
    for (const count of [
      [0xfe, 0xff, 0xff, 0xff, 0x0f],
      [0xfd, 0xff, 0xff, 0xff, 0x0f, 0x00],
    ]) {
      expect(refusedBy(codec, Buffer.concat([head, Buffer.from(count), Buffer.alloc(64)]))).toEqual(
        {
          rejected: 'malformed',
          message:
            'items announces 2147483647 entries where 64 bytes are left; write the record whole',
        },
      );
    }
  });

  it('takes an array in several blocks, with and without their sizes', () => {
    const bytes = Buffer.from(subscriptionBytes);
    const items = bytes.indexOf('core') - 2;
    const item = [...bytes.subarray(items + 1, bytes.indexOf('USD') + 6)];
    const blocks = [2, ...item, 1, item.length * 2, ...item, 0];
    const scheduled = [0];
    const value = Buffer.concat([
      bytes.subarray(0, items),
      Uint8Array.from([...blocks, ...scheduled]),
    ]);
    expect(codec.decode(value)).toEqual({
      ...subscription,
      items: [subscription.items[0], subscription.items[0]],
      scheduled: [],
    });
  });

  it('is malformed where a symbol has a number that its schema does not', () => {
    const bytes = Buffer.from(subscriptionBytes);
    bytes[bytes.indexOf('core') - 3] = 60;
    expect(refusedBy(codec, bytes)).toEqual({
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
    expect(refusedBy(codec, customer)).toEqual({
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
    expect(refusedBy(codec, framed(IDS.customerChanged, bytes))).toEqual({
      rejected: 'malformed',
      message: 'attributes["segment"] is not UTF-8; write strings in UTF-8',
    });
  });
});
