/**
 * The life of every service: arguments, configuration, signals and the exit code. 0: it ended in
 * order; 1: it met what trying again can't help; 2: arguments or configuration are wrong, and
 * nothing was connected to.
 */

import { readFileSync } from 'node:fs';
import type { ReadText } from '@holdfast/config/kinds.ts';
import type { Env } from '@holdfast/config/read.ts';
import { ERRORS, HoldfastError, isHoldfastError } from '@holdfast/domain/errors.ts';
import { createLogger, type Logger, type LogLevel } from '@holdfast/telemetry/logger.ts';

export interface ServiceTools {
  readonly log: Logger;
  /** Raised by SIGTERM and SIGINT: end in order. */
  readonly stop: AbortSignal;
}

interface AnyConfig {
  readonly run: { readonly logLevel: LogLevel };
}

export interface Service<Config extends AnyConfig> {
  readonly name: string;
  /** What it does, for `--help`. */
  readonly does: string;
  readonly readConfig: (env: Env, readText: ReadText) => Config;
  /**
   * Resolves when it has ended in order, after `stop` was raised; rejects with what can't be
   * helped. Rejecting with the reason of `stop` is ending in order, too.
   */
  readonly run: (config: Config, tools: ServiceTools) => Promise<void>;
}

/** The process that a service lives in. */
export type Host = Pick<
  NodeJS.Process,
  'argv' | 'env' | 'stdout' | 'stderr' | 'on' | 'exit' | 'getActiveResourcesInfo'
>;

/** For what ends by itself a little later, as a dial that is broken off. */
const LEFT_OPEN_MS = 2_000;

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const helpOf = ({ name, does }: { readonly name: string; readonly does: string }): string =>
  `${does}

  node services/${name}/src/main.ts              runs until SIGTERM or SIGINT
  node services/${name}/src/main.ts --validate   checks the configuration and ends

Configured by environment variables, see docs/CONFIG.md.
Exit codes: 0 ended in order, 1 stopped by an error, 2 the call or the configuration is wrong.
`;

/** What the arguments ask for; throws `usage`. */
const wishOf = (args: readonly string[]): 'run' | 'validate' | 'help' => {
  if (args.length === 0) return 'run';
  if (args.length === 1 && args[0] === '--validate') return 'validate';
  if (args.length === 1 && args[0] === '--help') return 'help';
  throw new HoldfastError('usage', `${args.join(' ')}; want nothing, --validate or --help`);
};

/** One line that says what stopped the service and what its operator does. */
const logEnd = (log: Logger, error: unknown): void => {
  if (isHoldfastError(error)) {
    log.error(error.message, { code: error.code, action: ERRORS[error.code].action });
  } else {
    log.error('stopped by an error that is a defect of Holdfast', { error });
  }
};

/** Runs the service to its end; the exit code. */
export async function runService<Config extends AnyConfig>(
  service: Service<Config>,
  host: Host,
): Promise<number> {
  let config: Config;
  try {
    const wish = wishOf(host.argv.slice(2));
    if (wish === 'help') {
      host.stdout.write(helpOf(service));
      return 0;
    }
    config = service.readConfig(host.env, (path) => readFileSync(path, 'utf8'));
    if (wish === 'validate') {
      host.stdout.write(`${service.name}: the configuration is right\n`);
      return 0;
    }
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    host.stderr.write(`${service.name}: ${error.message}\n`);
    return 2;
  }

  const log = createLogger({ service: service.name, level: config.run.logLevel });
  const stop = stopSignal(host, log);
  let ended = false;
  host.on('uncaughtException', (error) => {
    // What a library still tries after it was told to end is no defect of ours.
    if (ended) log.warn('an error after the end', { error });
    else logEnd(log, error);
    host.exit(ended ? 0 : 1);
  });
  try {
    await service.run(config, { log, stop });
  } catch (error) {
    if (!stop.aborted || error !== stop.reason) {
      logEnd(log, error);
      // What is still open is of no use to anybody and must not keep the process alive.
      host.exit(1);
    }
  }
  ended = true;
  log.info('ended');
  endWhatIsLeft(host, log);
  return 0;
}

/**
 * The process ends by itself once nothing is open. What a library forgot to close must not keep it
 * alive, nor stay unsaid.
 */
const endWhatIsLeft = (host: Host, log: Logger): void => {
  setTimeout(() => {
    log.warn('ended with something left open', { open: host.getActiveResourcesInfo() });
    host.exit(0);
  }, LEFT_OPEN_MS).unref();
};

/** Raised by the first signal; a second one ends the process as it stands. */
const stopSignal = (host: Host, log: Logger): AbortSignal => {
  const stop = new AbortController();
  for (const signal of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]) {
    host.on(signal, () => {
      if (stop.signal.aborted) {
        log.warn(`${signal} again: ending without order`);
        host.exit(SIGNALS[signal]);
      }
      log.info(`${signal}: ending in order`);
      stop.abort();
    });
  }
  return stop.signal;
};
