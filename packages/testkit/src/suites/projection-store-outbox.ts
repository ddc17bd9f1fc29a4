/** Entries that wait to be published. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
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
};
