import { describeWithServices } from '@holdfast/testkit/services.ts';
import { deltaSinkSuite } from '@holdfast/testkit/suites/delta-sink-suite.ts';
import { kafkaDeltaSinkHarness } from '../testing/harness.ts';

describeWithServices('Kafka', (services) => {
  deltaSinkSuite('kafka', () => kafkaDeltaSinkHarness(services().bootstrap));
});
