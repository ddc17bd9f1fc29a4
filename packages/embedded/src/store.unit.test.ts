import { projectionStoreSuite } from '@holdfast/testkit/suites/projection-store.ts';
import { claim } from '@holdfast/testkit/suites/projection-store-harness.ts';
import { expect, test } from 'vitest';
import { embeddedStore } from './store.ts';

projectionStoreSuite(
  'embedded',
  async () => {
    const clock = { now: () => 1_700_000_000_000 };
    const embedded = embeddedStore({ partitions: 2, clock });
    return {
      store: embedded.store,
      other: embedded.store,
      reader: embedded.reader,
      now: async () => clock.now(),
      remember: async () => {
        const snapshot = embedded.snapshot();
        return async () => embedded.failOver(snapshot);
      },
      close: async () => {},
    };
  },
  { runs: 200 },
);

test('after a failover no claim stands, even where nothing was lost', async () => {
  const embedded = embeddedStore({ partitions: 1, clock: { now: () => 0 } });
  const owner = await claim(embedded.store);
  await owner.commit({});
  embedded.failOver(embedded.snapshot());
  expect((await owner.send(owner.next({}))).answer).toBe('reclaim');
  expect((await claim(embedded.store)).claimed.meta).toMatchObject({ epoch: 2, commitNumber: 1 });
});
