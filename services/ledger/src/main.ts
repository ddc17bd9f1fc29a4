/** The ledger's process; see ledger-service.ts. */

import { readLedgerConfig } from '@holdfast/config/services.ts';
import { runService } from '@holdfast/service/run.ts';
import { runLedger } from './ledger-service.ts';

process.exitCode = await runService(
  {
    name: 'ledger',
    does: 'Keeps the history of arr-deltas and answers questions of it: the API and the console.',
    readConfig: readLedgerConfig,
    run: runLedger,
  },
  process,
);
