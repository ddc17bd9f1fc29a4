import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import { projectionStoreSuite } from '@holdfast/testkit/suites/projection-store.ts';
import { redisHarness } from '../testing/harness.ts';

describeWithServices('Redis', (services) => {
  projectionStoreSuite('redis', () => redisHarness(services().redisUrl, uniqueName('store')), {
    runs: 40,
  });
});
