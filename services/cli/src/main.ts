/** The command line's process; see run.ts. */

import { processWorld } from '@holdfast/command/process-world.ts';
import { run } from './run.ts';

process.exitCode = await run(process.argv.slice(2), processWorld(process));
