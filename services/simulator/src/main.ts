/** The simulated company's process; see simulator.ts. */

import { readSimulatorConfig } from '@holdfast/config/services.ts';
import { runService } from '@holdfast/service/run.ts';
import { runSimulator } from './simulator.ts';

process.exitCode = await runService(
  {
    name: 'simulator',
    does: 'Writes the billing life of a simulated company to Kafka: its past at once, then live.',
    readConfig: readSimulatorConfig,
    run: runSimulator,
  },
  process,
);
