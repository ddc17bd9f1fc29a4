import { deltaSinkSuite } from '@holdfast/testkit/suites/delta-sink-suite.ts';
import { embeddedDeltaSink } from './output.ts';

deltaSinkSuite('embedded', async () => ({
  sink: async (partitions) => ({
    sink: embeddedDeltaSink({ partitions }),
    // A batch is written in one piece: who dies before that leaves nothing.
    dieWhilePublishing: async () => {},
  }),
  close: async () => {},
}));
