/**
 * `pnpm test:deep`: every property drawn anew, those of the machine over ten thousand streams instead
 * of some hundred, and as many simulated schedules of faults. A failure prints the call that replays
 * it.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const STREAMS = 10_000;
const SCHEDULES = 10_000;
console.log(`${STREAMS} streams for each property of the machine, ${SCHEDULES} schedules`);

const tests = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('run.ts', import.meta.url)),
    'property',
    // Of these each has its seeds.
    '--exclude=**/planted-bugs*',
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      HOLDFAST_STREAMS: String(STREAMS),
      HOLDFAST_SCHEDULES: String(SCHEDULES),
    },
  },
);
const [code] = (await once(tests, 'close')) as [number | null];
process.exitCode = code ?? 1;
