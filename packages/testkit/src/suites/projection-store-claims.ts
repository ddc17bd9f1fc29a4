/** Who may write: claims, epochs, and stores that went back in time. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { PartitionStore } from '@holdfast/pipeline/ports.ts';
import { expect, test } from 'vitest';
import {
  allCustomers,
  claim,
  everything,
  POLICY,
  type ProjectionStoreHarness,
  row,
  valuesOf,
  viewOf,
} from './projection-store-harness.ts';

const readsOf = ({ readCustomers, readDue }: PartitionStore, customerId: string) => [
  () => readCustomers([customerId]),
  () => readDue(Number.MAX_SAFE_INTEGER, 0, 9),
];

export const claimTests = (harness: () => ProjectionStoreHarness): void => {
  test('a partition that was never claimed has no view, a claimed one stands at its beginning', async () => {
    const { store, reader } = harness();
    expect(await reader.readViews()).toEqual([null, null]);

    const { claimed } = await claim(store, 1);

    const meta = {
      incarnation: '',
      policyHash: POLICY,
      epoch: 1,
      commitNumber: 0,
      commitId: '',
      boundary: { nextOffset: 0, asOf: 0 },
      firstDue: null,
      nextSequence: 0,
      publishedCommit: 0,
      output: { deltaOffset: 0, deadLetterOffset: 0 },
      caughtUp: false,
      inputEnd: 0,
      lastRecordAt: 0,
    };
    expect(claimed.meta).toEqual(meta);
    expect(claimed.outbox).toEqual([]);
    expect(await reader.readViews()).toEqual([
      null,
      { partition: 1, meta, aggregates: new Map(), counters: new Map(), largestLosses: new Map() },
    ]);
  });

  test('who was promoted in a partition is remembered, beside its state', async () => {
    const { store, other, reader } = harness();
    expect(await store.promoted(1)).toBeNull();
    await store.setPromoted(1, '2');
    await other.setPromoted(1, '3');
    expect([await store.promoted(0), await store.promoted(1)]).toEqual([null, '3']);
    expect(await reader.readViews()).toEqual([null, null]);
  });

  test('every claim raises the epoch, ends being caught up and changes nothing else', async () => {
    const { store, other } = harness();
    const first = await claim(store);
    await first.commit({
      customers: [row('a', 'A', 7)],
      aggregates: [['all', '1']],
      counters: [['events', 3]],
      outbox: Buffer.from('entry'),
      caughtUp: true,
    });
    const before = await viewOf(harness());

    const second = await claim(other);

    const meta = { ...before.meta, epoch: 2, caughtUp: false };
    expect(before.meta.caughtUp).toBe(true);
    expect(second.claimed.meta).toEqual(meta);
    expect(second.claimed.aggregates).toEqual(before.aggregates);
    expect(second.claimed.counters).toEqual(before.counters);
    expect(await viewOf(harness())).toEqual({ ...before, meta });
    expect((await claim(store)).claimed.meta.epoch).toBe(3);
  });

  test('another policy is refused, and whoever owns the partition goes on', async () => {
    const { store, other } = harness();
    const owner = await claim(store);

    await expect(claim(other, 0, { policyHash: 'policy-2' })).rejects.toSatisfy((error) =>
      isHoldfastError(error, 'policy_changed'),
    );

    await owner.commit({ customers: [row('a', 'A')] });
    expect((await viewOf(harness())).meta.epoch).toBe(1);
  });

  test('partitions know nothing of each other', async () => {
    const { store } = harness();
    const zero = await claim(store, 0);
    const one = await claim(store, 1);
    await zero.commit({ customers: [row('a', 'zero', 5)], aggregates: [['all', '0']] });
    await one.commit({ customers: [row('a', 'one', 9)], aggregates: [['all', '1']] });

    expect(await zero.store.readCustomers(['a'])).toEqual([{ customerId: 'a', value: 'zero' }]);
    expect((await viewOf(harness(), 1)).meta.firstDue).toBe(9);
    await zero.store.discard();
    expect(await one.store.readCustomers(['a'])).toEqual([{ customerId: 'a', value: 'one' }]);
  });

  test('the elder owner is fenced whatever it sends, and changes nothing', async () => {
    const { store, other } = harness();
    const elder = await claim(store);
    await elder.commit({ customers: [row('a', 'A', 50)] });
    const [group] = await elder.store.readDue(50, 0, 1);
    const resent = elder.next({ customers: [row('b', 'B', 20)] });
    const younger = await claim(other);
    await elder.store.setDue([{ group: group?.group ?? '', due: 1000 }]);
    expect((await viewOf(harness())).meta.firstDue).toBe(50);
    await younger.commit({ customers: [row('c', 'C', 60)] });
    const before = await everything(harness(), younger.store);

    for (const number of [1, 2, 3, 99]) {
      expect((await elder.send({ ...resent, number })).answer).toBe('fenced');
    }
    await elder.store.setDue([{ group: group?.group ?? '', due: 1000 }]);
    await expect(elder.store.discard()).rejects.toSatisfy((e) => isHoldfastError(e, 'fenced'));
    expect((await elder.send({ ...resent, outbox: Buffer.alloc(2 ** 21) })).answer).toBe('fenced');

    expect(await everything(harness(), younger.store)).toEqual(before);
    expect((await claim(other)).claimed.outbox).toEqual([]);
  });

  test('the elder owner sees nothing of what the younger wrote', async () => {
    const { store, other } = harness();
    const elder = await claim(store);
    await elder.commit({ customers: [row('a', 'A', 50)] });
    const younger = await claim(other);

    for (const change of [{}, { customers: [row('a', 'later', 40)] }]) {
      await younger.commit(change);
      for (const read of readsOf(elder.store, 'a')) {
        await expect(read()).rejects.toSatisfy((e) => isHoldfastError(e, 'fenced'));
      }
    }
  });

  test('a store that lost its last commits asks to be claimed again and goes on from there', async () => {
    const { store, remember } = harness();
    const owner = await claim(store);
    await owner.commit({ customers: [row('a', 'A')] });
    const back = await remember();
    await owner.commit({ customers: [row('b', 'B')] });
    await owner.commit({ customers: [row('c', 'C')] });
    await back();

    expect((await owner.send(owner.next({ customers: [row('d', 'D')] }))).answer).toBe('reclaim');

    const again = await claim(store);
    expect(again.claimed.meta).toMatchObject({ epoch: 2, commitNumber: 1 });
    await again.commit({ customers: [row('e', 'E')] });
    expect(valuesOf(await allCustomers(again.store))).toEqual({ a: 'A', e: 'E' });
  });

  test('an owner whose claim was lost reclaims, even after another took the same epoch', async () => {
    const { store, other, remember } = harness();
    await claim(store);
    const back = await remember();
    const lost = await claim(store);
    await back();
    expect((await lost.send(lost.next({}))).answer).toBe('reclaim');

    const sameEpoch = await claim(other);
    expect(sameEpoch.claimed.meta.epoch).toBe(lost.claimed.meta.epoch);
    expect((await lost.send(lost.next({ customers: [row('a', 'A')] }))).answer).toBe('reclaim');
    await lost.store.setDue([]);
    await expect(lost.store.discard()).rejects.toSatisfy((e) =>
      isHoldfastError(e, 'store_unavailable'),
    );
    await sameEpoch.commit({ customers: [row('b', 'B', 5)] });
    for (const read of readsOf(lost.store, 'b')) {
      await expect(read()).rejects.toSatisfy((e) => isHoldfastError(e, 'store_unavailable'));
    }
    expect((await lost.send(lost.next({}))).answer).toBe('reclaim');
    expect(valuesOf(await allCustomers(sameEpoch.store))).toEqual({ b: 'B' });
  });

  test('an emptied store asks to be claimed again', async () => {
    const { store, remember } = harness();
    const empty = await remember();
    const owner = await claim(store);
    await owner.commit({ customers: [row('a', 'A')] });
    await empty();

    expect((await owner.send(owner.next({}))).answer).toBe('reclaim');

    expect((await claim(store)).claimed.meta).toMatchObject({ epoch: 1, commitNumber: 0 });
  });

  test('discarding forgets all but the epoch, and folding starts again with commit 1', async () => {
    const { store } = harness();
    const owner = await claim(store);
    await owner.commit({
      customers: [row('a', 'A', 5), row('large', 'x'.repeat(10_000), 6)],
      aggregates: [['all', '1']],
      counters: [['events', 1]],
      outbox: Buffer.from('entry'),
      boundary: { nextOffset: 10, asOf: 10 },
      nextSequence: 4,
    });

    const before = await viewOf(harness());
    await owner.store.discard();

    const { meta } = before;
    expect(await viewOf(harness())).toEqual({
      partition: 0,
      meta: {
        ...meta,
        commitNumber: 0,
        commitId: '',
        boundary: { nextOffset: 0, asOf: 0 },
        firstDue: null,
        nextSequence: 0,
      },
      aggregates: new Map(),
      counters: new Map(),
      largestLosses: new Map(),
    });
    expect(await allCustomers(owner.store)).toEqual([]);
    expect(await owner.store.readCustomers(['a', 'large'])).toEqual([]);
    const first = owner.next({ number: 1, boundary: { nextOffset: 1, asOf: 1 }, nextSequence: 1 });
    expect((await owner.send(first)).answer).toBe('applied');
    expect((await claim(store)).claimed.outbox).toEqual([]);
  });
};
