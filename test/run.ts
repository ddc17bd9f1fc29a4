/**
 * `pnpm test [tier ...] [file filter ...]`: runs the tests and ends with one line of counts, the
 * last of the output, whatever happens. Words that name a tier choose tiers (without one: all);
 * the rest goes to Vitest, which takes parts of file paths and its own options.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { asOutcome, lastLine, type Outcome, settle } from './outcome.ts';
import { isTier } from './tiers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const REPORTER = fileURLToPath(new URL('vitest-reporter.ts', import.meta.url));

/** Shells say 128 + number of the signal. */
const EXIT_OF = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof EXIT_OF;

const startVitest = (words: readonly string[]): ChildProcess => {
  const tiers = words.filter(isTier).flatMap((tier) => ['--project', tier]);
  const rest = words.filter((word) => !isTier(word));
  return spawn(
    process.execPath,
    [VITEST, 'run', '--reporter=default', `--reporter=${REPORTER}`, ...tiers, ...rest],
    { cwd: ROOT, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
};

const main = async (words: readonly string[]): Promise<number> => {
  const vitest = startVitest(words);
  let reported: Outcome | null = null;
  vitest.on('message', (message) => {
    reported = asOutcome(message) ?? reported;
  });
  let interrupted: Signal | null = null;
  for (const signal of Object.keys(EXIT_OF) as Signal[]) {
    process.on(signal, () => {
      interrupted = signal;
      vitest.kill(signal);
    });
  }
  const [code] = (await once(vitest, 'close')) as [number | null];
  const outcome = settle(reported, code ?? 1);
  if (outcome.missing !== null) {
    console.log(`Without Kafka, the registry and Redis, tests were left out; ${outcome.missing}`);
  }
  console.log(lastLine(outcome));
  return interrupted === null ? Math.min(outcome.failed, 1) : EXIT_OF[interrupted];
};

process.exitCode = await main(process.argv.slice(2));
