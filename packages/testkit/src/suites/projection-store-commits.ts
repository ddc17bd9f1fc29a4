/** What a commit writes, what it answers, and that it is all or nothing. */

import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { expect, test } from 'vitest';
import {
  allCustomers,
  type Change,
  claim,
  everything,
  type ProjectionStoreHarness,
  row,
  valuesOf,
  viewOf,
} from './projection-store-harness.ts';

const POSITION = { deltaOffset: 5, deadLetterOffset: 6 };

/** Changes of a commit of number 2 after one that stands at offset 10, instant 10, sequence 10. */
const UNACCEPTABLE: Readonly<Record<string, Change>> = {
  'a due that is no number': { customers: [row('b', 'B', Number.NaN)] },
  'a due between two milliseconds': { customers: [row('b', 'B', 1.5)] },
  'a due before 1970': { customers: [row('b', 'B', -1)] },
  'a due beyond all numbers': { customers: [row('b', 'B', Number.POSITIVE_INFINITY)] },
  'a due of a group that is no number': { dueGroups: [{ group: '0', due: Number.NaN }] },
  'a counter that is no number': { counters: [['events', Number.NaN]] },
  'an as-of that goes back': { boundary: { nextOffset: 11, asOf: 9 } },
  'an as-of that is no number': { boundary: { nextOffset: 11, asOf: Number.NaN } },
  'an offset that goes back': { boundary: { nextOffset: 9, asOf: 11 } },
  'a sequence that goes back': { nextSequence: 9 },
  'a published commit that goes back': { publishedCommit: 0 },
  'a published commit that was not made': { publishedCommit: 3 },
  'an output offset below 0': { output: { ...POSITION, deltaOffset: -1 } },
  'an output offset that is no whole number': { output: { ...POSITION, deadLetterOffset: 0.5 } },
  'an input end that is no number': { inputEnd: Number.NaN },
  'a timestamp beyond exact numbers': { lastRecordAt: 2 ** 53 },
};

export const commitTests = (harness: () => ProjectionStoreHarness): void => {
  test('an applied commit is read back whole', async () => {
    const { store } = harness();
    const owner = await claim(store);
    const change = {
      id: 'the-id',
      incarnation: 'the-log',
      boundary: { nextOffset: 123, asOf: 1_700_000_000_000 },
      customers: [row('a', 'A', 1_800_000_000_000), row('b', 'B')],
      aggregates: [['all', '[1,2]']],
      counters: [
        ['events', 9_007_199_254_740_991],
        ['shares', 0.1],
      ],
      outbox: Buffer.from([0, 255, 13, 10]),
      nextSequence: 17,
      output: POSITION,
      caughtUp: true,
      inputEnd: 456,
      lastRecordAt: 1_699_999_999_999,
    } as const;

    expect(await owner.send(owner.next(change))).toEqual({
      answer: 'applied',
      firstDue: 1_800_000_000_000,
    });

    expect(await viewOf(harness())).toMatchObject({
      meta: {
        epoch: 1,
        commitNumber: 1,
        commitId: 'the-id',
        incarnation: 'the-log',
        boundary: change.boundary,
        firstDue: 1_800_000_000_000,
        nextSequence: 17,
        publishedCommit: 0,
        output: POSITION,
        caughtUp: true,
        inputEnd: 456,
        lastRecordAt: 1_699_999_999_999,
      },
      aggregates: new Map(change.aggregates),
      counters: new Map(change.counters),
    });
    expect(valuesOf(await owner.store.readCustomers(['b', 'x', 'a']))).toEqual({ a: 'A', b: 'B' });
    expect(valuesOf(await allCustomers(owner.store))).toEqual({ a: 'A', b: 'B' });
    const { outbox } = (await claim(store)).claimed;
    expect(outbox.map(({ number, entry }) => [number, [...entry]])).toEqual([
      [1, [0, 255, 13, 10]],
    ]);
  });

  test('the greatest loss of each window is seen, whoever had it and whatever it was before', async () => {
    const { store, reader } = harness();
    const owner = await claim(store);
    const largest = async () => (await reader.readViews())[0]?.largestLosses;
    const loss = (window: string, customerId: string, before: number, after: number) => ({
      window,
      customerId,
      before,
      after,
    });
    await owner.commit({
      losses: [
        loss('P1M', 'a', 0, 90),
        loss('P1M', 'b/c', 0, 1_000),
        loss('P12M', 'ü \n{}', 0, Number.MAX_SAFE_INTEGER),
        loss('P12M', '', 0, 1),
      ],
    });
    expect(await largest()).toEqual(
      new Map([
        ['P1M', 1_000],
        ['P12M', Number.MAX_SAFE_INTEGER],
      ]),
    );
    await owner.commit({ losses: [loss('P1M', 'b/c', 1_000, 80), loss('P12M', '', 1, 0)] });
    expect((await largest())?.get('P1M')).toBe(90);
    const before = await everything(harness(), owner.store);
    for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
      const refused = owner.send(owner.next({ losses: [loss('P1M', 'a', 90, wrong)] }));
      await expect(refused).rejects.toSatisfy((error) => isHoldfastError(error, 'store_refused'));
    }
    expect(await everything(harness(), owner.store)).toEqual(before);

    await owner.commit({ losses: [loss('P1M', 'a', 90, 0), loss('P1M', 'b/c', 80, 0)] });
    expect([...((await largest()) ?? [])].map(([window]) => window)).toEqual(['P12M']);
    const all = Array.from({ length: 9_000 }, (_, at) => loss('P3M', `c${at}`, 0, at + 1));
    await owner.commit({ losses: all });
    expect((await largest())?.get('P3M')).toBe(9_000);
    await owner.store.discard();
    expect(await largest()).toEqual(new Map());
  });

  test('a commit sent again is already there, however often and with whatever in it', async () => {
    const { store } = harness();
    const owner = await claim(store);
    await owner.commit({});
    const commit = owner.next({ customers: [row('a', 'A', 30)], aggregates: [['all', '1']] });
    expect(await owner.send(commit)).toEqual({ answer: 'applied', firstDue: 30 });
    const before = await everything(harness(), owner.store);

    const altered = { ...commit, customers: [row('a', 'Z', 10)], counters: [['n', 1]] as const };
    const larger = { ...commit, outbox: Buffer.alloc(2 ** 21) };
    for (const resent of [commit, commit, altered, larger]) {
      expect(await owner.store.commit(resent)).toEqual({ answer: 'already', firstDue: 30 });
    }

    expect(await everything(harness(), owner.store)).toEqual(before);
    await owner.commit({ customers: [row('b', 'B')] });
    expect((await claim(store)).claimed.outbox).toEqual([]);
  });

  test('a number that is not the next one is not what the owner believes: reclaim', async () => {
    const { store } = harness();
    const owner = await claim(store);
    const first = owner.next({ customers: [row('a', 'A')] });
    await owner.send(first);
    await owner.commit({ customers: [row('b', 'B')] });
    const before = await everything(harness(), owner.store);

    const next = owner.next({ customers: [row('c', 'C', 1)] });
    for (const wrong of [
      first,
      { ...next, number: 2 },
      { ...next, number: 1 },
      { ...next, number: 4 },
    ]) {
      expect((await owner.store.commit(wrong)).answer).toBe('reclaim');
    }

    expect(await everything(harness(), owner.store)).toEqual(before);
  });

  test("an as-of more than a second beyond the store's clock is not taken", async () => {
    const { store, now } = harness();
    const owner = await claim(store);
    const ahead = (await now()) + 60_000;
    const commit = owner.next({
      boundary: { nextOffset: 1, asOf: ahead },
      customers: [row('a', 'A', ahead)],
    });
    const before = await everything(harness(), owner.store);

    expect((await owner.send(commit)).answer).toBe('clock');

    expect(await everything(harness(), owner.store)).toEqual(before);
    const present = { ...commit, boundary: { nextOffset: 1, asOf: await now() } };
    expect((await owner.send(present)).answer).toBe('applied');
  });

  test('a simulated clock is not held against the store, as long as that claim stands', async () => {
    const { store } = harness();
    const simulated = await claim(store, 0, { simulatedClock: true });
    await simulated.commit({ boundary: { nextOffset: 1, asOf: 9e12 } });

    const real = await claim(store);
    expect((await real.send(real.next({}))).answer).toBe('clock');
  });

  test.each(Object.entries(UNACCEPTABLE))(
    '%s is refused and nothing of it written',
    async (_, bad) => {
      const { store } = harness();
      const owner = await claim(store);
      await owner.commit({
        boundary: { nextOffset: 10, asOf: 10 },
        customers: [row('a', 'A', 40)],
        aggregates: [['all', '1']],
        nextSequence: 10,
        publishedCommit: 1,
      });
      const before = await everything(harness(), owner.store);
      const good = owner.next({
        customers: [row('a', 'changed', 20), row('b', 'B', 30)],
        aggregates: [
          ['all', null],
          ['segment', '2'],
        ],
        counters: [['events', 1]],
        outbox: Buffer.alloc(600_000, 1),
      });

      await expect(owner.store.commit({ ...good, ...bad })).rejects.toSatisfy((error) =>
        isHoldfastError(error, 'store_refused'),
      );

      expect(await everything(harness(), owner.store)).toEqual(before);
      expect((await owner.send(good)).answer).toBe('applied');
      expect(valuesOf(await allCustomers(owner.store))).toEqual({ a: 'changed', b: 'B' });
    },
  );

  test('aggregates are set, changed and removed; counters stand as last said', async () => {
    const { store } = harness();
    const owner = await claim(store);
    await owner.commit({
      aggregates: [
        ['P1M/all', '1'],
        ['P1M/segment/smb', '2'],
      ],
      counters: [
        ['events', 1],
        ['ties', 1],
      ],
    });
    await owner.commit({
      aggregates: [
        ['P1M/segment/smb', null],
        ['P1M/all', '3'],
        ['never there', null],
      ],
      counters: [['events', 2]],
    });

    const view = await viewOf(harness());
    expect(view.aggregates).toEqual(new Map([['P1M/all', '3']]));
    expect(view.counters).toEqual(
      new Map([
        ['events', 2],
        ['ties', 1],
      ]),
    );
    await owner.commit({ aggregates: [['P1M/all', null]] });
    expect((await viewOf(harness())).aggregates.size).toBe(0);
  });

  test('a view is one moment, whatever is committed while it is read', async () => {
    const { store, reader } = harness();
    const owner = await claim(store);
    let isDone = false;
    const writing = (async () => {
      for (let number = 1; number <= 100; number += 1) {
        await owner.commit({
          aggregates: [['number', String(number)]],
          counters: [['number', number]],
          customers: [row('a', String(number), number)],
        });
      }
      isDone = true;
    })();
    while (!isDone) {
      const [view] = await reader.readViews();
      if (view === null || view === undefined) throw new Error('no view');
      const { commitNumber } = view.meta;
      if (commitNumber > 0) {
        expect(view.aggregates.get('number')).toBe(String(commitNumber));
        expect(view.counters.get('number')).toBe(commitNumber);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
  });
};
