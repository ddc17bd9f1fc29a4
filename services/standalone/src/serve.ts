/** Serves the console, the API and the metrics of the demo on one port of this machine. */

import { type Api, type ApiOptions, startApi } from '@holdfast/api/server.ts';
import type { PipelineState } from '@holdfast/api/status.ts';
import { consoleFiles } from '@holdfast/console/files.ts';
import { isHoldfastError } from '@holdfast/domain/errors.ts';
import type { Look } from '@holdfast/service/figures.ts';
import { lag } from './screen.ts';

/** What the last look at the gauges showed of the pipeline; null: there was none yet. */
export const pipelineState = (look: Look | null): PipelineState => ({
  lagEvents: look === null ? null : lag(look.snapshot),
  lastRecordAt: look?.snapshot.lastRecordAt ?? null,
  events: look === null ? null : countsOf(look, 'events:'),
  deadLetters: look === null ? null : countsOf(look, 'dead_letters:'),
});

/** Counters whose names begin so, by what follows. */
const countsOf = ({ snapshot }: Look, prefix: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...snapshot.counters]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );

type Serving = Pick<ApiOptions, 'ledger' | 'clock' | 'stopwatch' | 'pipeline' | 'pages'>;

/** No one but this machine's user asks. */
const REQUESTS_A_MINUTE = 60_000;

/** On the wanted port, or on a free one where that is taken. */
export async function serveDemo(wanted: number, serving: Serving): Promise<Api> {
  const console = await consoleFiles();
  const on = (port: number): Promise<Api> =>
    startApi({
      ...serving,
      host: '127.0.0.1',
      port,
      token: null,
      requestsAMinute: REQUESTS_A_MINUTE,
      console,
      failed: () => undefined,
    });
  try {
    return await on(wanted);
  } catch (error) {
    if (!isHoldfastError(error, 'listen_failed')) throw error;
    return on(0);
  }
}
