/** The demo: a simulated company lives two years at once and then goes on live. */

import type { Policy } from '@holdfast/domain/policy.ts';
import { DEFAULT_MEMBER_CAP, DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { instant } from '@holdfast/domain/scalars.ts';
import { openLedger } from '@holdfast/ledger/ledger.ts';
import { figuresReader, type Look } from '@holdfast/service/figures.ts';
import { healthRoutes } from '@holdfast/service/health.ts';
import { simulateCompany } from '@holdfast/simulation/company.ts';
import { exposeMetrics } from '@holdfast/telemetry/exposition.ts';
import { retentionMetrics } from '@holdfast/telemetry/retention-metrics.ts';
import { companyFeed } from './company-feed.ts';
import { demoClock } from './demo-clock.ts';
import type { DemoOptions } from './options.ts';
import { GENERATION, PARTITIONS, startPipe } from './pipe.ts';
import { isoDate, plainLine, type Screen, screenLines } from './screen.ts';
import { pipelineState, serveDemo } from './serve.ts';
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
  const ledger = await openLedger({ policy: POLICY, partitions: PARTITIONS, path: null });
  const { intake } = ledger;
  const pipe = await startPipe({ policy: POLICY, clock, stopwatch, newId, intake });
  const company = simulateCompany({
    seed: options.seed,
    customers: options.customers,
    from: instant(from),
  });
  const feed = companyFeed(company);
  const { reader } = pipe;
  const look = figuresReader({ generation: GENERATION, reader, policy: POLICY, clock });
  let seen: Look | null = null;
  const lookAgain = async (): Promise<Look> => {
    seen = await look();
    return seen;
  };
  const server = await serveDemo(options.port, {
    ledger,
    clock,
    stopwatch,
    pipeline: () => pipelineState(seen),
    pages: {
      '/metrics': async ({ headers }) => {
        const { snapshot } = await lookAgain();
        return {
          status: 200,
          ...(await exposeMetrics(headers.accept, [retentionMetrics(snapshot)])),
        };
      },
      ...healthRoutes(() => ({ ready: true, why: 'the demo runs' })),
    },
  });
  const screen = async (): Promise<Screen> => ({
    ...(await lookAgain()),
    movements: pipe.movements(),
    dimension: 'segment',
    memberWindow: 'P12M',
    daysPerSecond: options.daysPerSecond,
    url: server.url,
  });

  try {
    if (!terminal.redraws) terminal.line(`Console ${server.url}/  metrics ${server.url}/metrics`);
    await liveThePast(pipe, feed, clock, { from, today, terminal, stop, look: lookAgain });
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
    await ledger.close();
  }
}

interface Past {
  readonly from: number;
  readonly today: number;
  readonly terminal: Terminal;
  readonly stop: AbortSignal;
  /** So that the console knows lag and dead letters of a past that is being lived through, too. */
  readonly look: () => Promise<unknown>;
}

async function liveThePast(
  pipe: Awaited<ReturnType<typeof startPipe>>,
  feed: ReturnType<typeof companyFeed>,
  clock: ReturnType<typeof demoClock>,
  { from, today, terminal, stop, look }: Past,
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
    await look();
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
