/** The processor's process; see processor.ts. */

import { readProcessorConfig } from '@holdfast/config/services.ts';
import { runService } from '@holdfast/service/run.ts';
import { runProcessor } from './processor.ts';

process.exitCode = await runService(
  {
    name: 'processor',
    does: 'Folds subscription changes from Kafka into Redis and publishes movements of ARR.',
    readConfig: readProcessorConfig,
    run: runProcessor,
  },
  process,
);
