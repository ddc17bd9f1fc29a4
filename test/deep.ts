/**
 * `pnpm test:deep`: the properties of the machine over ten thousand streams each instead of some
 * hundred, and as many simulated schedules of faults. Says what it runs; a failure prints the call
 * that replays it.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const STREAMS = 10_000;
const SCHEDULES = 10_000;
const SUFFIX = '.property.test.ts';

const folder = fileURLToPath(new URL('machine', import.meta.url));
const properties = readdirSync(folder)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));
console.log(`${STREAMS} streams for each property of: ${properties.join(', ')}`);
console.log(`${SCHEDULES} simulated schedules`);

const tests = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('run.ts', import.meta.url)),
    'property',
    'test/machine',
    'test/simulation/simulation',
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
