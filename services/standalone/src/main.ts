/** The demo's process: arguments, terminal, signals and exit code; see demo.ts. */

import { randomUUID } from 'node:crypto';
import { isHoldfastError } from '@holdfast/domain/errors.ts';
import { runDemo } from './demo.ts';
import { HELP, readOptions } from './options.ts';
import { terminal } from './terminal.ts';

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === null) {
      process.stdout.write(HELP);
      return 0;
    }
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    await runDemo(options, {
      terminal: terminal(process.stdout, process.env),
      stop: stop.signal,
      today: Date.now(),
      stopwatch: () => performance.now(),
      newId: randomUUID,
    });
    return 0;
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    process.stderr.write(`demo: ${error.message}\n`);
    return error.code === 'usage' ? 2 : 1;
  }
}

process.exitCode = await main();
