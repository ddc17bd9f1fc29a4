import { describeWithServices } from '@holdfast/testkit/services.ts';
import { eventLogSuite } from '@holdfast/testkit/suites/event-log-suite.ts';
import { kafkaEventLogHarness } from '../testing/harness.ts';

describeWithServices('Kafka', (services) => {
  eventLogSuite('kafka', () => kafkaEventLogHarness(services().bootstrap));
});
