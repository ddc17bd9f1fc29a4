/** Entries that wait to be published. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { commitHeaders, HEADERS } from '@holdfast/pipeline/headers.ts';
import { encodeOutboxEntry } from '@holdfast/pipeline/outbox-entry.ts';
import type { Boundary } from '@holdfast/pipeline/ports.ts';
import { expect, test } from 'vitest';
import { claim, type ProjectionStoreHarness } from './projection-store-harness.ts';

const KIB = 1024;

/** Bytes that are nowhere the same for long, so that chunks out of place show. */
const bytes = (length: number): Buffer => {
  const buffer = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4)
    buffer.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
  return buffer;
};

/** An entry with one delta of that sequence, whose commit follows the boundary. */
const oneDelta = (sequence: number, from: Boundary, valueBytes = 100): Uint8Array =>
  encodeOutboxEntry({
    deltas: [
      {
        key: null,
        value: bytes(valueBytes),
        headers: {
          ...commitHeaders('1', from, { nextOffset: 99, asOf: 99 }),
          [HEADERS.sequence]: String(sequence),
        },
      },
    ],
    deadLetters: [],
  });

const ONE_DEAD_LETTER = encodeOutboxEntry({
  deltas: [],
  deadLetters: [{ key: null, value: null, headers: {} }],
});

export const outboxTests = (harness: () => ProjectionStoreHarness): void => {
  const entries = async () => {
    const { outbox } = (await claim(harness().store)).claimed;
    return outbox.map(({ number, entry }) => [number, Buffer.from(entry).toString()]);
  };

  test('entries wait in order until a commit says that they are published', async () => {
    const owner = await claim(harness().store);
    await owner.commit({ outbox: Buffer.from('one') });
    await owner.commit({});
    await owner.commit({ outbox: Buffer.from('') });
    for (let number = 4; number <= 11; number += 1) {
      await owner.commit({ outbox: Buffer.from(`${number}`), publishedCommit: 1 });
    }
    expect(await entries()).toEqual([
      [3, ''],
      ...Array.from({ length: 8 }, (_, at) => [at + 4, `${at + 4}`]),
    ]);

    const second = await claim(harness().store);
    await second.commit({ publishedCommit: 10 });
    expect(await entries()).toEqual([[11, '11']]);
    const third = await claim(harness().store);
    await third.commit({ outbox: Buffer.from('published at once'), publishedCommit: 13 });
    expect(await entries()).toEqual([]);
  });

  test.each([512 * KIB - 1, 512 * KIB, 512 * KIB + 1, 1024 * KIB, 3_000_000])(
    'an entry of %i bytes comes back byte for byte',
    async (length) => {
      const { store } = harness();
      const owner = await claim(store);
      const entry = bytes(length);
      await owner.commit({ outbox: entry.subarray() });

      const again = await claim(store);
      const [stored] = again.claimed.outbox;
      expect(stored?.number).toBe(1);
      expect(Buffer.compare(Buffer.from(stored?.entry ?? []), entry)).toBe(0);

      await again.commit({ publishedCommit: 1 });
      expect(await entries()).toEqual([]);
    },
  );

  test('an entry of a commit that did not happen is never seen', async () => {
    const { store, now } = harness();
    const owner = await claim(store);
    const large = { outbox: bytes(1_500_000) };
    const tooEarly = { boundary: { nextOffset: 1, asOf: (await now()) + 60_000 } };
    expect((await owner.send(owner.next({ ...large, ...tooEarly }))).answer).toBe('clock');
    await expect(owner.send(owner.next({ ...large, inputEnd: -1 }))).rejects.toSatisfy((error) =>
      isHoldfastError(error, 'store_refused'),
    );
    expect(await entries()).toEqual([]);

    const second = await claim(store);
    expect((await second.send(second.next({ ...large, ...tooEarly }))).answer).toBe('clock');
    await second.commit({ outbox: Buffer.from('small') });
    expect((await second.send(second.next({ ...large, ...tooEarly }))).answer).toBe('clock');
    await second.commit({});
    expect(await entries()).toEqual([[1, 'small']]);

    const third = await claim(store);
    expect((await third.send(third.next({ ...large, ...tooEarly }))).answer).toBe('clock');
    const other = bytes(1_000_000).reverse();
    await third.commit({ outbox: other });
    const [, stored] = (await claim(store)).claimed.outbox;
    expect(Buffer.compare(Buffer.from(stored?.entry ?? []), other)).toBe(0);
  });

  test('what the caller does with its bytes afterwards does not change the entry', async () => {
    const owner = await claim(harness().store);
    const entry = Buffer.from('as it was');
    await owner.commit({ outbox: entry });
    entry.fill(0);
    expect(await entries()).toEqual([[1, 'as it was']]);
  });

  test('readers can rely on the boundary before the first delta that still waits', async () => {
    const { store, reader } = harness();
    const published = async () => (await reader.readPublished())[0];
    expect(await reader.readPublished()).toEqual([null, null]);
    const owner = await claim(store);
    await owner.commit({ outbox: oneDelta(0, { nextOffset: 0, asOf: 0 }), nextSequence: 1 });
    expect(await published()).toBeNull();

    const first = { nextOffset: 2, asOf: 20 };
    await owner.commit({ boundary: first, caughtUp: true });
    expect(await published()).toEqual({ nextOffset: 0, asOf: 0, sequence: -1 });
    const second = { nextOffset: 3, asOf: 30 };
    await owner.commit({ boundary: second, outbox: ONE_DEAD_LETTER });
    await owner.commit({ outbox: oneDelta(1, second, 100_000), nextSequence: 2 });
    expect(await published()).toEqual({ nextOffset: 0, asOf: 0, sequence: -1 });
    // Where the first delta is too large to be looked into, nothing is said for as long as it waits.
    await owner.commit({ publishedCommit: 1 });
    expect([null, { ...second, sequence: 0 }]).toContainEqual(await published());

    const third = { nextOffset: 9, asOf: 90 };
    await owner.commit({ boundary: third, publishedCommit: 4, outbox: ONE_DEAD_LETTER });
    expect(await published()).toEqual({ ...third, sequence: 1 });
    for (let sequence = 2; sequence < 12; sequence += 1) {
      const from = { nextOffset: sequence, asOf: sequence };
      await owner.commit({ outbox: oneDelta(sequence, from), nextSequence: sequence + 1 });
    }
    expect(await published()).toEqual({ nextOffset: 2, asOf: 2, sequence: 1 });
  });
};
