/** The demo: a simulated company lives two years at once and then goes on live. */

import type { Policy } from '@holdfast/domain/policy.ts';
import { DEFAULT_MEMBER_CAP, DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { figuresReader } from '@holdfast/service/figures.ts';
import { type HttpServer, serveHttp } from '@holdfast/service/http.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';
import { exposeMetrics } from '@holdfast/telemetry/exposition.ts';
import { retentionMetrics } from '@holdfast/telemetry/retention-metrics.ts';
import { companyFeed } from './company-feed.ts';
import { demoClock } from './demo-clock.ts';
import type { DemoOptions } from './options.ts';
import { startPipe } from './pipe.ts';
import { isoDate, plainLine, type Screen, screenLines } from './screen.ts';
import type { Terminal } from './terminal.ts';

const DAY_MS = 86_400_000;
const PAST_DAYS = 731;
/** The past is lived through in steps of a week: each is a commit. */
const STEP_DAYS = 7;
const FEED_EVERY_MS = 100;
const PLAIN_EVERY_MS = 1_000;

const POLICY: Policy = {
  ...DEFAULT_POLICY,
  dimensions: ['segment', 'region', 'owner'].map((name) => ({ name, cap: DEFAULT_MEMBER_CAP })),
};

export interface DemoTools {
  readonly terminal: Terminal;
  /** Raised by Ctrl-C. */
  readonly stop: AbortSignal;
  /** UTC ms; where the simulated past ends. */
  readonly today: number;
  /** Real ms, from any zero. */
  readonly stopwatch: () => number;
  readonly newId: () => string;
}

export async function runDemo(options: DemoOptions, tools: DemoTools): Promise<void> {
  const { terminal, stop, today, stopwatch, newId } = tools;
  const from = today - PAST_DAYS * DAY_MS;
  const clock = demoClock(from, stopwatch);
  const pipe = await startPipe({ policy: POLICY, clock, stopwatch, newId });
  const company = simulateCompany({
    seed: options.seed,
    customers: options.customers,
    from: instant(from),
  });
  const feed = companyFeed(company);
  const look = figuresReader({ reader: pipe.reader, policy: POLICY, clock });
  const server = await serve(options.port, async (accept) => {
    const { snapshot } = await look();
    return exposeMetrics(accept, [retentionMetrics(snapshot)]);
  });
  const screen = async (): Promise<Screen> => ({
    ...(await look()),
    movements: pipe.movements(),
    dimension: 'segment',
    memberWindow: 'P12M',
    daysPerSecond: options.daysPerSecond,
    metricsUrl: `${server.url}/metrics`,
  });

  try {
    await liveThePast(pipe, feed, clock, { from, today, terminal, stop });
    if (!terminal.redraws) terminal.line(`Metrics ${server.url}/metrics`);
    clock.run(options.daysPerSecond * (DAY_MS / 1_000));
    const started = stopwatch();
    let shown = Number.NEGATIVE_INFINITY;
    while (!stop.aborted && stopwatch() - started < (options.forMs ?? Number.POSITIVE_INFINITY)) {
      pipe.append(feed(clock.now()));
      if (terminal.redraws) {
        terminal.screen(screenLines(await screen()));
      } else if (stopwatch() - shown >= PLAIN_EVERY_MS) {
        shown = stopwatch();
        terminal.line(plainLine(await screen()));
      }
      await Promise.race([clock.wait(FEED_EVERY_MS, stop), pipe.done]);
    }
  } finally {
    terminal.end();
    await server.close();
    await pipe.close();
  }
}

interface Past {
  readonly from: number;
  readonly today: number;
  readonly terminal: Terminal;
  readonly stop: AbortSignal;
}

async function liveThePast(
  pipe: Awaited<ReturnType<typeof startPipe>>,
  feed: ReturnType<typeof companyFeed>,
  clock: ReturnType<typeof demoClock>,
  { from, today, terminal, stop }: Past,
): Promise<void> {
  let events = 0;
  let told = -1;
  for (let at = from; at < today && !stop.aborted; ) {
    at = Math.min(at + STEP_DAYS * DAY_MS, today);
    clock.set(at);
    const records = feed(at);
    events += records.length;
    pipe.append(records);
    await pipe.settled();
    const share = Math.floor(((at - from) / (today - from)) * 100);
    // A pipe gets a line for each tenth.
    const tell = terminal.redraws ? share : Math.floor(share / 10);
    if (tell === told) continue;
    told = tell;
    const bar = '='.repeat(Math.floor(share / 5)).padEnd(20);
    terminal.line(
      `living two years [${bar}] ${String(share).padStart(3)}%  ${isoDate(at)}  ${events.toLocaleString('en-US')} events`,
    );
  }
}

type Expose = (accept: string | undefined) => ReturnType<typeof exposeMetrics>;

/** On the wanted port, or on a free one where that is taken. */
async function serve(port: number, expose: Expose): Promise<HttpServer> {
  const on = (wanted: number): Promise<HttpServer> =>
    serveHttp({
      host: '127.0.0.1',
      port: wanted,
      routes: {
        '/metrics': async ({ headers }) => ({ status: 200, ...(await expose(headers.accept)) }),
      },
      failed: () => undefined,
    });
  try {
    return await on(port);
  } catch {
    return on(0);
  }
}
