/**
 * What a commit publishes is written once, for the store and for the log. Here it is made the long
 * way: a record for each delta with all of its headers, then the entry frame by frame.
 */

import { avroDeltaCodec } from '@holdfast/contracts/avro-delta.ts';
import { ByteWriter } from '@holdfast/contracts/byte-writer.ts';
import type { Change } from '@holdfast/domain/changes.ts';
import { type Cause, type Delta, DRIVERS, MOVEMENTS } from '@holdfast/domain/delta.ts';
import { customerId, instant, minorUnits, offset } from '@holdfast/domain/scalars.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deltaWriter, inverseOf } from './deltas.ts';
import { headersOf } from './headers.ts';
import { decodeOutboxEntry, encodeOutboxEntry } from './outbox-entry.ts';
import type { OutputRecord } from './ports.ts';

const codec = avroDeltaCodec({ arrDelta: 3, customerClassified: 4 });

const text = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 30 }));
const time = fc.nat().map(instant);
const money = fc.integer().map(minorUnits);
const op = fc.constantFrom('assert', 'retract');
const attributes = fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true });
const nameOrNull = fc.option(text, { nil: null });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('movement'),
    op,
    customerId: text.map(customerId),
    movement: fc.record({
      effectiveAt: time,
      movement: fc.constantFrom(...MOVEMENTS),
      arrBeforeMinor: money,
      arrAfterMinor: money,
      drivers: fc.array(
        fc.record({ driver: fc.constantFrom(...DRIVERS), productId: text, amountMinor: money }),
        { maxLength: 3 },
      ),
    }),
    profile: fc.record({ name: nameOrNull, attributes }),
  }),
  fc.record({
    kind: fc.constant('classification'),
    op,
    customerId: text.map(customerId),
    classification: fc.record({ effectiveAt: time, name: nameOrNull, attributes }),
  }),
);
const cause: fc.Arbitrary<Cause> = fc.record({
  eventId: text,
  source: text,
  topic: fc.constant('changes'),
  partition: fc.constant(7),
  offset: fc.nat().map(offset),
});
const said = fc.record({ change, cause, knownAt: time, isRepeat: fc.boolean() });
const deadLetter: fc.Arbitrary<OutputRecord> = fc.record({
  key: fc.option(fc.uint8Array({ maxLength: 9 })),
  value: fc.option(fc.uint8Array({ maxLength: 9 })),
  // Values that the last delta may have, too: what is alike is not written.
  headers: fc.dictionary(
    fc.constantFrom('a', 'holdfast-sequence', 'holdfast-as-of'),
    fc.oneof(text, fc.constantFrom('0', '1', '2', '8', '9', '40')),
    { noNullPrototype: true },
  ),
});
const commit = fc.record({
  saids: fc.array(said, { maxLength: 12 }),
  deadLetters: fc.array(deadLetter, { maxLength: 3 }),
  nextSequence: fc.constantFrom(0, 1, 8, 95, 2 ** 31 - 3, 2 ** 40),
  restatement: fc.constantFrom(null, '2'),
});
type Said = typeof said extends fc.Arbitrary<infer One> ? One : never;
type Commit = typeof commit extends fc.Arbitrary<infer One> ? One : never;

const ALL = {
  'holdfast-generation': '2',
  'holdfast-from-offset': '10',
  'holdfast-from-as-of': '20',
  'holdfast-next-offset': '30',
  'holdfast-as-of': '40',
};

const writerOf = ({ nextSequence, restatement }: Commit, silent = false) =>
  deltaWriter({
    codec,
    generation: '2',
    partition: 7,
    currency: 'EUR',
    from: { nextOffset: 10, asOf: 20 },
    to: { nextOffset: 30, asOf: 40 },
    nextSequence,
    silent,
    ...(restatement === null ? {} : { restatement }),
  });

const deltaOf = (one: Said, sequence: number, restatement: string | null): Delta => {
  const { change, cause, knownAt } = one;
  const head = {
    deltaId: `2:7:${sequence}`,
    customerId: customerId(change.customerId),
    op: change.op,
    knownAt,
    cause,
    restatement,
  };
  if (change.kind === 'classification') {
    return { type: 'customer_classified', ...head, ...change.classification };
  }
  const { movement, profile } = change;
  const asserted: Delta = {
    type: 'arr_delta',
    ...head,
    ...movement,
    op: 'assert',
    amountMinor: minorUnits(movement.arrAfterMinor - movement.arrBeforeMinor),
    currency: 'EUR',
    customerName: profile.name,
    attributes: profile.attributes,
  };
  return change.op === 'assert' ? asserted : inverseOf(asserted);
};

const recordsOf = ({ saids, nextSequence, restatement }: Commit): OutputRecord[] =>
  saids.map((one, index) => {
    const sequence = nextSequence + index;
    const to = new ByteWriter();
    codec.write(deltaOf(one, sequence, restatement), to);
    return {
      key: Buffer.from(one.change.customerId),
      value: to.take(),
      headers: {
        ...(restatement === null ? {} : { 'holdfast-restatement': restatement }),
        ...ALL,
        'holdfast-sequence': String(sequence),
      },
    };
  });

const entryOf = (deltas: readonly OutputRecord[], letters: readonly OutputRecord[]): Buffer => {
  const uint32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const parts = [Buffer.from([1]), uint32(deltas.length), uint32(letters.length)];
  let before: OutputRecord['headers'] = {};
  for (const { key, value, headers } of [...deltas, ...letters]) {
    const gone = Object.keys(before).filter((name) => headers[name] === undefined);
    const other = Object.entries(headers).filter(([name, is]) => before[name] !== is);
    const difference = { ...Object.fromEntries(gone.map((name) => [name, null])) };
    Object.assign(difference, Object.fromEntries(other));
    for (const frame of [key, value, Buffer.from(JSON.stringify(difference))]) {
      parts.push(uint32(frame === null ? 2 ** 32 - 1 : frame.length));
      if (frame !== null) parts.push(Buffer.from(frame));
    }
    before = headers;
  }
  return Buffer.concat(parts);
};

const plain = (record: OutputRecord) => ({
  key: record.key === null ? null : Buffer.from(record.key),
  value: record.value === null ? null : Buffer.from(record.value),
  headers: Object.entries(headersOf(record)),
});

const write = (commit: Commit, silent = false) => {
  const writer = writerOf(commit, silent);
  for (const [index, one] of commit.saids.entries()) {
    if (one.isRepeat && !silent) writer.repeat(deltaOf(one, index + 99, 'elder'));
    else writer.write(one.change, one.cause, one.knownAt);
  }
  return { writer, outbox: writer.end(commit.deadLetters) };
};

test('the entry and the records are those that were made one by one', () => {
  fc.assert(
    fc.property(commit, (commit) => {
      const { writer, outbox } = write(commit);
      const { entry, batch } = outbox;
      const deltas = recordsOf(commit);
      const { deadLetters } = commit;
      expect(writer.nextSequence()).toBe(commit.nextSequence + deltas.length);
      expect(batch.deltas.map(plain)).toEqual(deltas.map(plain));
      expect(batch.deadLetters).toEqual(deadLetters);
      if (deltas.length + deadLetters.length === 0) {
        expect(entry).toBeNull();
        return;
      }
      expect(Buffer.from(entry!)).toEqual(entryOf(deltas, deadLetters));
      expect(Buffer.from(encodeOutboxEntry(batch))).toEqual(Buffer.from(entry!));
      const read = decodeOutboxEntry(entry!);
      expect(read.deltas.map(plain)).toEqual(deltas.map(plain));
      // Headers that the record before had come first, so letters are compared without their order.
      expect(read.deadLetters.map(({ headers }) => headers)).toEqual(
        deadLetters.map(({ headers }) => headers),
      );
    }),
  );
});

test('in silence nothing is said and nothing is numbered', () => {
  fc.assert(
    fc.property(commit, (commit) => {
      const { writer, outbox } = write({ ...commit, deadLetters: [] }, true);
      expect(outbox).toEqual({ entry: null, batch: { deltas: [], deadLetters: [] } });
      expect(writer.nextSequence()).toBe(commit.nextSequence);
    }),
  );
});

test('what was written stays as it is while other commits are written, side by side', () => {
  fc.assert(
    fc.property(commit, commit, (one, other) => {
      const kept = write(one).outbox;
      const copy = kept.entry === null ? null : Buffer.from(kept.entry);
      const first = writerOf(one);
      const second = writerOf(other);
      const most = Math.max(one.saids.length, other.saids.length);
      for (let index = 0; index < most; index += 1) {
        for (const [writer, { saids }] of [
          [first, one],
          [second, other],
        ] as const) {
          const said = saids[index];
          if (said !== undefined) writer.write(said.change, said.cause, said.knownAt);
        }
      }
      const ends = [first.end(one.deadLetters), second.end(other.deadLetters)];
      for (const [index, each] of [one, other].entries()) {
        const { entry, batch } = ends[index]!;
        const deltas = recordsOf(each);
        expect(batch.deltas.map(plain)).toEqual(deltas.map(plain));
        if (entry !== null) expect(Buffer.from(entry)).toEqual(entryOf(deltas, each.deadLetters));
      }
      if (copy !== null) expect(Buffer.from(kept.entry!)).toEqual(copy);
      expect(kept.batch.deltas.map(plain)).toEqual(recordsOf(one).map(plain));
    }),
  );
});

test('an entry that has ended takes no more', () => {
  const writer = writerOf({ saids: [], deadLetters: [], nextSequence: 0, restatement: null });
  writer.end([]);
  expect(() => writer.end([])).toThrow('ends once');
  const delta = fc.sample(said, 1)[0]!;
  expect(() => writer.write(delta.change, delta.cause, delta.knownAt)).toThrow('has ended');
});
