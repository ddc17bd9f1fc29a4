/** Makes a cluster and a registry ready; see setup.ts. Ends by itself. */

import { readSetupConfig } from '@holdfast/config/services.ts';
import { runService } from '@holdfast/service/run.ts';
import { runSetup } from './setup.ts';

process.exitCode = await runService(
  {
    name: 'setup',
    does: 'Creates the topics that are missing, checks all of them and registers the schemas.',
    readConfig: readSetupConfig,
    run: runSetup,
  },
  process,
);
