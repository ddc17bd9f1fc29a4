/**
 * `pnpm stack`: the real thing on this machine, with a simulated company producing. Prints where
 * everything is; Ctrl-C, or the end of `--for`, ends all of it.
 */

import { parseArgs } from 'node:util';
import { ERRORS, isHoldfastError } from '@holdfast/domain/errors.ts';
import { type Series, scrape } from './scrape.ts';
import { type Stack, startStack } from './start.ts';
import { startWatch, type Watch } from './watch.ts';

const HELP = `Runs Kafka, a schema registry, Redis, the processor, the exporter and the ledger with its console on
this machine, in Docker where an engine answers and natively otherwise, with a simulated company that
produces; Prometheus and Alertmanager with the rules of deploy/ beside it, where they are installed.

  pnpm stack             runs until Ctrl-C
  pnpm stack --for 30s   ends by itself so long after its first figures (s or m)

Exit codes: 0 ended in order, 1 something did not come up or ended by itself, 2 the call is wrong.
`;

const SECONDS = { s: 1, m: 60 } as const;

/** Shells say 128 + number of the signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Milliseconds; null: for ever. */
const duration = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  const found = /^(\d{1,5})([sm])$/.exec(text);
  if (found === null) throw new Error(`--for "${text}"; want a number of s or m, such as 30s`);
  return Number(found[1]) * SECONDS[found[2] as 's' | 'm'] * 1000;
};

const addressesOf = ({ addresses, urls, services }: Stack, { places }: Watch): string => `
  Kafka        ${addresses.bootstrap}
  Registry     ${addresses.registryUrl}
  Redis        ${addresses.redisUrl}
  Console      ${urls.ledger}/
  Exporter     ${urls.exporter}/metrics
  Processor    ${urls.processor}/metrics
  Prometheus   ${places.Prometheus}
  Alertmanager ${places.Alertmanager}
  Grafana      none: docker-compose.yml has it, its boards are in deploy/grafana
  Logs         ${Object.values(services)
    .map(({ logFile }) => logFile)
    .join('\n               ')}
`;

const headline = (series: Series): string => {
  const ratio = (name: string, window: string): string => {
    const value = series.get(`holdfast_${name}{window="${window}",dimension="all",member="all"}`);
    return value === undefined ? '-' : `${(value * 100).toFixed(1)}%`;
  };
  return ['P1M', 'P3M', 'P12M']
    .map((window) => {
      const nrr = ratio('net_revenue_retention_ratio', window).padStart(6);
      const grr = ratio('gross_revenue_retention_ratio', window).padStart(6);
      return `  ${window.padEnd(4)}  NRR ${nrr}  GRR ${grr}`;
    })
    .join('\n');
};

const run = async (limit: number | null): Promise<void> => {
  console.log('Starting Kafka, the registry and Redis ...');
  // Until here a signal ends us at once, and with us whatever was started.
  const stack = await startStack();
  const end = Promise.withResolvers<void>();
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      end.resolve();
      process.once(signal, () => process.exit(code));
    });
  }
  let watch: Watch | null = null;
  try {
    watch = await startWatch(stack.urls);
    console.log(addressesOf(stack, watch));
    const isUp = await Promise.race([stack.ready().then(() => true), end.promise]);
    if (isUp !== true) return;
    console.log('The simulated company now, point_to_point:');
    console.log(headline(await scrape(stack.urls.exporter)));
    console.log(limit === null ? 'Ctrl-C ends all of it.' : `Ends in ${limit / 1000} s.`);
    if (limit !== null) setTimeout(end.resolve, limit).unref();
    await Promise.race([end.promise, stack.failed()]);
  } finally {
    console.log('Ending ...');
    await watch?.stop();
    await stack.stop();
  }
};

const main = async (args: string[]): Promise<number> => {
  let limit: number | null;
  try {
    const { values } = parseArgs({
      args,
      options: { for: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help === true) {
      process.stdout.write(HELP);
      return 0;
    }
    limit = duration(values.for);
  } catch (error) {
    console.error(`stack: ${error instanceof Error ? error.message : String(error)}; see --help`);
    return 2;
  }
  try {
    await run(limit);
    return 0;
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    console.error(`stack: ${error.message}\n${ERRORS[error.code].action}`);
    return 1;
  }
};

process.exitCode = await main(process.argv.slice(2));
