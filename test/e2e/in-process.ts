/**
 * The real services in the process of the test, from their environment to their end in order, in a
 * time that the test sets. What is wired is what `services/<name>/src/main.ts` runs.
 */

import { readFileSync } from 'node:fs';
import {
  type ExporterConfig,
  type LedgerConfig,
  type ProcessorConfig,
  readExporterConfig,
  readLedgerConfig,
  readProcessorConfig,
} from '@holdfast/config/services.ts';
import { type Instant, instant } from '@holdfast/domain/scalars.ts';
import { createLogger } from '@holdfast/telemetry/logger.ts';
import type { ServiceTools } from '../../packages/service/src/run.ts';
import { runExporter } from '../../services/exporter/src/exporter.ts';
import { runLedger } from '../../services/ledger/src/ledger-service.ts';
import { runProcessor } from '../../services/processor/src/processor.ts';
import type { Pipe } from './pipe.ts';

/**
 * A time that stands still until the test moves it, for as many services as share it: the setting
 * of a fixed clock, whose instant services ask for each time that they look at the clock.
 */
export interface SetClock {
  readonly kind: 'fixed';
  at: Instant;
}

export const clockAt = (at: number): SetClock => ({ kind: 'fixed', at: instant(at) });

export interface Running extends AsyncDisposable {
  /** Where it serves /metrics. */
  readonly url: string;
  /** What it has logged so far, a JSON object a line. */
  readonly lines: readonly string[];
  /** Ends it in order; rejects with what stopped it before. */
  stop(): Promise<void>;
}

type Run<Config> = (config: Config, tools: ServiceTools) => Promise<void>;

const start = async <Config extends ProcessorConfig | ExporterConfig | LedgerConfig>(
  service: string,
  config: Config,
  run: Run<Config>,
  clock: SetClock | null,
): Promise<Running> => {
  const stop = new AbortController();
  const lines: string[] = [];
  const serving = Promise.withResolvers<string>();
  const write = (line: string): void => {
    lines.push(line.trim());
    const { message, url } = JSON.parse(line) as { message: string; url?: string };
    if (message === 'serving' && url !== undefined) serving.resolve(url);
  };
  const log = createLogger({ service, level: 'info', destination: { write } });
  const timed = clock === null ? config : { ...config, run: { ...config.run, clock } };
  const ended = run(timed, { log, stop: stop.signal });
  // Whoever stops the service sees how it ended.
  ended.catch(serving.reject);
  const end = async (): Promise<void> => {
    stop.abort();
    try {
      await ended;
    } catch (error) {
      if (error !== stop.signal.reason) throw error;
    }
  };
  return { url: await serving.promise, lines, stop: end, [Symbol.asyncDispose]: end };
};

const readText = (path: string): string => readFileSync(path, 'utf8');

type Where = Pick<Pipe, 'env'>;

/** Without a clock it lives on the wall's. */
export const startProcessor = ({ env }: Where, clock: SetClock | null): Promise<Running> =>
  start('processor', readProcessorConfig(env, readText), runProcessor, clock);

/** As `startProcessor`. */
export const startExporter = ({ env }: Where, clock: SetClock | null): Promise<Running> =>
  start('exporter', readExporterConfig(env, readText), runExporter, clock);

/** As `startProcessor`; `file`: where it keeps its history. */
export const startLedger = (
  { env }: Where,
  clock: SetClock | null,
  file: string,
): Promise<Running> =>
  start(
    'ledger',
    readLedgerConfig({ ...env, HOLDFAST_LEDGER_FILE: file }, readText),
    runLedger,
    clock,
  );
