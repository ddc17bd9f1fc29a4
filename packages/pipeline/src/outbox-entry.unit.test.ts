/** An outbox entry says again exactly what was put into it, and never half of it. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headersOf } from './headers.ts';
import { decodeOutboxEntry, encodeOutboxEntry, firstDeltaHeaders } from './outbox-entry.ts';
import type { OutputRecord } from './ports.ts';

const bytes = fc.option(fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each)));
const record: fc.Arbitrary<OutputRecord> = fc.record(
  {
    key: bytes,
    value: bytes,
    headers: fc.dictionary(
      fc.constantFrom('a', 'b', 'constructor', 'ü'),
      fc.string({ maxLength: 5 }),
    ),
    sequence: fc.nat(),
  },
  { requiredKeys: ['key', 'value', 'headers'] },
);
const batch = fc.record({
  deltas: fc.array(record, { maxLength: 6 }),
  deadLetters: fc.array(record, { maxLength: 6 }),
});

/** The headers of a record that is read are all in one place. */
const asRead = (sent: OutputRecord): OutputRecord => ({
  key: sent.key,
  value: sent.value,
  headers: headersOf(sent),
});

/** The format and the numbers of records; no start of an entry is shorter. */
const HEAD_BYTES = 9;

describe('an outbox entry', () => {
  it('gives back keys, values and headers of every record', () => {
    fc.assert(
      fc.property(batch, (sent) => {
        expect(decodeOutboxEntry(encodeOutboxEntry(sent))).toEqual({
          deltas: sent.deltas.map(asRead),
          deadLetters: sent.deadLetters.map(asRead),
        });
      }),
    );
  });

  it('is refused when its end is missing', () => {
    fc.assert(
      fc.property(batch, fc.nat(), (sent, cut) => {
        const entry = encodeOutboxEntry(sent);
        fc.pre(sent.deltas.length + sent.deadLetters.length > 0);
        const short = entry.subarray(0, cut % entry.length);
        expect(() => decodeOutboxEntry(short)).toThrow(/ends too early|format/);
      }),
    );
  });

  it('tells the headers of its first delta, from its first bytes if these hold them', () => {
    fc.assert(
      fc.property(batch, fc.nat(), (sent, cut) => {
        const entry = encodeOutboxEntry(sent);
        const first = sent.deltas[0] === undefined ? null : headersOf(sent.deltas[0]);
        expect(firstDeltaHeaders(entry)).toEqual(first);
        const told = firstDeltaHeaders(entry.subarray(0, HEAD_BYTES + (cut % entry.length)));
        if (told !== undefined) expect(told).toEqual(first);
      }),
    );
    const entry = encodeOutboxEntry({
      deltas: [{ key: null, value: Buffer.alloc(1_000), headers: { a: '1' } }],
      deadLetters: [],
    });
    expect(firstDeltaHeaders(entry.subarray(0, 1_000))).toBeUndefined();
  });

  it('of a newer format is refused as such', () => {
    const entry = Buffer.from(encodeOutboxEntry({ deltas: [], deadLetters: [] }));
    entry[0] = 2;
    try {
      decodeOutboxEntry(entry);
      expect.unreachable();
    } catch (error) {
      expect(isHoldfastError(error, 'format_newer')).toBe(true);
    }
  });
});
