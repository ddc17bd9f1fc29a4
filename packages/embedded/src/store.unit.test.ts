import { projectionStoreSuite } from '@holdfast/testkit/suites/projection-store.ts';
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
